import { type Diagnostic, error } from '../core/diagnostic.js'
import { configurationGrammar, type Grammar } from './grammar.js'
import type { Body } from './hcl/ast.js'
import { createSource } from './hcl/source.js'
import { toBody } from './yaml/body.js'
import { readDocument } from './yaml/document.js'
import { resolved, spanOf, type Translation } from './yaml/expression.js'
import { isMap } from './yaml/library.js'

/** Nodes that the aliases of one file may repeat. */
const aliasBudget = 50_000

export interface ParsedBody {
  readonly body: Body
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads YAML 1.2 as the tree that the same configuration in HCL gives, by the rules of HCL's JSON profile:
 * - a mapping of a block's labels stands for the block (`resource: { type: { name: { … } } }`), a list of them repeats it;
 * - strings are templates, and one that is exactly `${…}` is that expression, with its type;
 * - types and references (`type`, `depends_on`, `provider`, `ignore_changes`) are bare strings;
 * - unlike there, a block with nothing after its colon is an empty block.
 *
 * Aliases are followed, within limits; merge keys, tags and several documents are errors. Every mistake is reported; one
 * within a scalar points into it. `grammar` says which keys are blocks: those of a configuration if absent.
 */
export function parseYaml(text: string, file: string, grammar: Grammar = configurationGrammar): ParsedBody {
  return parse(text, file, grammar, false)
}

/** Reads JSON as YAML, which it is a part of, with values for the attributes. Strings are what they say, and no templates. */
export function parseJson(text: string, file: string, grammar: Grammar): ParsedBody {
  // YAML does not take tabs for indentation. In the strings of JSON there are none.
  return parse(text.replaceAll('\t', ' '), file, grammar, true)
}

function parse(text: string, file: string, grammar: Grammar, literal: boolean): ParsedBody {
  const source = createSource(text, file)
  const document = readDocument(source)
  const whole = source.span(0, text.length)
  const found: Diagnostic[] = []
  const to: Translation = {
    source,
    aliases: document.aliases,
    broken: document.lines,
    literal,
    diagnostics: found,
    budget: aliasBudget,
  }
  const root = document.root === undefined ? undefined : resolved(document.root, to)
  let body: Body = { attributes: [], blocks: [], span: whole }
  if (root !== undefined && isMap(root)) body = toBody(root, grammar, whole, to)
  else if (root !== undefined && !('value' in root && root.value === '')) {
    found.push(
      error('lang/yaml-structure', 'A mapping is missing', {
        detail: 'A file is a mapping, with the names of blocks or variables as keys.',
        help: 'Start the file with a key, such as "resource:".',
        span: spanOf(root, to),
      }),
    )
  }
  return {
    body,
    diagnostics: [
      ...document.diagnostics,
      // Where the YAML itself is wrong, what the same line seems to say is noise.
      ...found.filter(
        (problem) => problem.span === undefined || !document.lines.has(problem.span.start.line),
      ),
    ].sort((a, b) => (a.span?.start.offset ?? 0) - (b.span?.start.offset ?? 0)),
  }
}
