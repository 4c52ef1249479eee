import fc from 'fast-check'
import t from 'tap'
import { validateConfiguration } from '../../src/lang/validate.js'
import { resolveVariables } from '../../src/lang/variables.js'
import { load, world } from './loading.js'
import { testSchemas } from './schemas.js'

const hcl = `variable "x" {
  type    = list(object({ a = optional(string, "b") }))
  default = []
}
locals {
  a = { for k, v in var.x : k => "\${v.a}-%{if true}\${path.module}%{endif}" }
}
resource "trifacta_person" "p" {
  for_each = local.a
  email    = each.value
  lifecycle {
    ignore_changes = [name]
  }
}
output "o" {
  value = [for p in trifacta_person.p : p.id]
}
`
const yaml = `variable:
  x: { type: "list(object({ a = optional(string) }))", default: &d [] }
locals:
  a: '\${{ for k, v in var.x : k => "\${v.a}" }}'
  b: *d
resource:
  trifacta_person:
    p:
      for_each: \${local.a}
      email: |
        \${each.value}
      lifecycle: { ignore_changes: [name] }
`
const pieces = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '${',
  '=',
  ':',
  '\n',
  '  ',
  '- ',
  'var.x',
  'each.key',
  'null',
  '012',
  '*d',
  '<<: ',
  '!!int ',
  '#',
  '|\n',
  "'",
  '\t',
  '😀',
  '\0',
  '\r',
  'self',
  'count = 1\n',
  'a-b.c',
  '?',
  '~',
]

t.test('whatever a file says, there are messages with places and no crash', async (t) => {
  const edit = fc.record({ at: fc.nat(600), drop: fc.nat(8), put: fc.constantFrom('', ...pieces) })
  const edits = fc.array(edit, { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      fc.constantFrom(['f.hcl', hcl] as const, ['f.yaml', yaml] as const),
      edits,
      ([file, original], all) => {
        let text: string = original
        for (const { at, drop, put } of all) text = text.slice(0, at) + put + text.slice(at + drop)
        const { configuration, diagnostics } = load({ [file]: text })
        if (configuration === undefined) return false
        const { values, diagnostics: more } = resolveVariables(configuration, {
          environment: {},
          files: [],
          flags: [],
          partial: true,
        })
        const last = validateConfiguration(configuration, testSchemas, values, world())
        return [...diagnostics, ...more, ...last].every(
          ({ span }) =>
            span !== undefined &&
            span.start.offset <= span.end.offset &&
            span.end.offset <= text.length &&
            span.start.column > 0,
        )
      },
    ),
    { numRuns: 150, seed: 7 },
  )
  t.pass('no input was a surprise')
})
