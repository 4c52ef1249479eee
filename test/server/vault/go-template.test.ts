import t from 'tap'
import { evaluate } from '../../../src/server/vault/go-template.js'

const fields = { Type: 'IAM', DisplayName: 'jane' }
const functions = {
  up: (text: unknown) => String(text).toUpperCase(),
  cut: (length: unknown, text: unknown) => String(text).slice(0, Number(length)),
}
const made = (template: string) => evaluate(template, fields, functions)

t.test('a template is evaluated as Go does', async (t) => {
  for (const [template, expected] of [
    ['', ''],
    ['plain } { text', 'plain } { text'],
    ['a-{{ .DisplayName }}-b', 'a-jane-b'],
    ['{{.DisplayName|up}}', 'JANE'],
    ['{{ .DisplayName | up | cut 2 }}', 'JA'],
    ['{{ printf "%s-%d%%" (.DisplayName | cut 1) 7 }}', 'j-7%'],
    ['{{ if eq .Type "STS" }}s{{ else if eq .Type "IAM" }}i{{ else }}o{{ end }}', 'i'],
    ['{{ if (ne .Type "IAM") }}a{{ if true }}b{{ end }}c{{ else }}d{{ end }}e', 'de'],
    ['{{ if and (eq .Type "IAM") (not false) }}{{ len .DisplayName }}{{ end }}', '4'],
    ['x  {{- " y " -}}  z', 'x y z'],
    ['{{ `raw\\` }}', 'raw\\'],
  ] as const)
    t.equal(made(template), expected, template)
})

t.test('what cannot be understood is said', async (t) => {
  for (const [template, expected] of [
    ['{{ .Nothing }}', /knows no "\.Nothing"/],
    ['{{ .constructor }}', /knows no/],
    ['{{ constructor }}', /knows no/],
    ['{{ nothing }}', /knows no "nothing"/],
    ['{{ }}', /no value/],
    ['{{ if true }}', /without \{\{ end \}\}/],
    ['{{ end }}', /without \{\{ if \}\}/],
    ['{{ .Type', /\{\{ without \}\}/],
    ['{{ (.Type }}', /\( without \)/],
    ['{{ printf "%x" 1 }}', /no %x/],
    ['{{ printf "%s" }}', /too few/],
    ['{{ ; }}', /holds " ;|holds ";/],
    ['x'.repeat(10_001), /at most/],
  ] as const)
    t.throws(() => made(template), { name: 'RangeError', message: expected }, template.slice(0, 30))
})
