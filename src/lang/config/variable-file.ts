import { type Diagnostic, error, type Span } from '../../core/diagnostic.js'
import { unknownValue, type Value } from '../../core/value.js'
import { valuesGrammar } from '../grammar.js'
import { parseHcl } from '../hcl/parser.js'
import { type ParsedBody, parseJson, parseYaml } from '../yaml.js'
import { constantOf } from './constant.js'
import { isYaml } from './files.js'
import { type Gaps, gapsOf } from './gaps.js'

/** Values of variables as a file gives them, not yet converted to the types of the variables. */
export interface VariableFile {
  readonly file: string
  readonly values: ReadonlyMap<string, { readonly value: Value; readonly span: Span }>
  /** Where the values stand, also those that are none. */
  readonly places: readonly { readonly name: string; readonly span: Span }[]
  /** All of its text. */
  readonly place: Span
  readonly gaps: Gaps
}

/** Reads a file of variable values: attributes with constant values, in HCL or, by the name of the file, in YAML or JSON. */
export function parseVariableFile(
  text: string,
  file: string,
): VariableFile & { readonly diagnostics: readonly Diagnostic[] } {
  const parsed = parse(text, file)
  const diagnostics = [...parsed.diagnostics]
  const values = new Map<string, { readonly value: Value; readonly span: Span }>()
  for (const block of parsed.body.blocks) {
    diagnostics.push(
      error('lang/unknown-block', 'Unknown block', {
        detail: `"${block.type}" is a block, and a file of variable values has only attributes.`,
        help: `Write name = value. Blocks belong into the configuration's own files.`,
        span: block.typeSpan,
      }),
    )
  }
  const place = parsed.body.span
  const gaps = gapsOf([{ name: file, text, diagnostics: parsed.diagnostics }])
  for (const node of parsed.body.attributes) {
    const { name, value } = node
    const constant = constantOf(value)
    if (gaps.blur(node, place)) values.set(name, { value: unknownValue(), span: value.span })
    else if (constant.kind === 'value') values.set(name, { value: constant.value, span: value.span })
    else if (constant.kind === 'wrong') diagnostics.push(...constant.diagnostics)
    else {
      diagnostics.push(
        error('lang/not-constant', 'Not a constant', {
          detail: `The value of "${name}" refers to something, and a file of variable values has only constants.`,
          help: 'Write the value itself; for a literal "${" in a text write "$${".',
          span: value.span,
        }),
      )
    }
  }
  const places = [
    ...parsed.body.attributes.map(({ name, value }) => ({ name, span: value.span })),
    ...parsed.body.blocks.map(({ type, body }) => ({ name: type, span: body.span })),
  ]
  return { file, values, places, place, gaps, diagnostics }
}

function parse(text: string, file: string): ParsedBody {
  if (file.endsWith('.json')) return parseJson(text, file, valuesGrammar)
  return isYaml(file) ? parseYaml(text, file, valuesGrammar) : parseHcl(text, file)
}
