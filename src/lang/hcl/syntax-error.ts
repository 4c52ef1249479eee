import { type Diagnostic, error, type Span } from '../../core/diagnostic.js'

/** Every syntax error that the HCL front end reports, by its stable code (without the `hcl/`), with its summary. */
const summaries = {
  'too-large': 'File too large',
  'too-deep': 'Nesting too deep',
  'too-many-errors': 'Too many syntax errors',
  'invalid-character': 'Invalid character',
  'single-quotes': 'Single quotes around a string',
  'curly-quotes': 'Curly quotes around a string',
  'back-quotes': 'Back quotes around a string',
  semicolon: 'Semicolon',
  'bitwise-operator': 'Unsupported operator',
  'unterminated-comment': 'Comment without end',
  'unterminated-string': 'String without closing quote',
  'unterminated-heredoc': 'Heredoc without closing marker',
  'heredoc-introducer': 'Invalid heredoc introducer',
  'heredoc-marker': 'Heredoc marker is not alone on its line',
  'unclosed-interpolation': 'Template sequence without closing brace',
  'invalid-interpolation': 'Invalid template sequence',
  'unknown-directive': 'Unknown template directive',
  'unbalanced-directive': 'Unbalanced template directives',
  'invalid-escape': 'Invalid escape sequence',
  'invalid-number': 'Invalid number',
  'missing-equals': 'Missing equals sign',
  'missing-value': 'Missing value',
  'missing-newline': 'Missing line break',
  'missing-brace': 'Missing opening brace',
  'missing-comma': 'Missing comma',
  'missing-colon': 'Missing colon',
  'unclosed-block': 'Block without closing brace',
  'unclosed-bracket': 'Bracket without its closing counterpart',
  'mismatched-bracket': 'Wrong closing bracket',
  'unexpected-closer': 'Closing bracket without opening one',
  'unexpected-comma': 'Comma between arguments',
  'unexpected-token': 'Unexpected text after an expression',
  'duplicate-attribute': 'Argument set twice',
  'quoted-name': 'Argument name in quotes',
  'dotted-name': 'Invalid argument name',
  'expected-item': 'Expected an argument or a block',
  'invalid-block-header': 'Invalid block header',
  'one-line-block': 'Invalid one-line block',
  'template-in-label': 'Template in a block label',
  'expected-expression': 'Expected an expression',
  'newline-in-expression': 'Line break inside an expression',
  'invalid-for': 'Invalid for expression',
  'invalid-attribute-name': 'Invalid attribute name',
  'nested-splat': 'Nested splat',
  'invalid-expansion': 'Invalid argument expansion',
  'invalid-call': 'Invalid function call',
  'ambiguous-key': 'Ambiguous object key',
} as const

export type SyntaxCode = keyof typeof summaries

export function syntaxError(code: SyntaxCode, span: Span, detail: string, help: string): Diagnostic {
  return error(`hcl/${code}`, summaries[code], { span, detail, help })
}

/** A piece of source as it may stand in a message: on one line, without control characters, not too long. */
export function shown(text: string): string {
  const line = text
    .slice(0, 200)
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`
}
