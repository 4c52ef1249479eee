import type { Span } from '../../core/diagnostic.js'
import type { Num } from '../../core/value.js'

/**
 * The syntax tree that both syntaxes give: native HCL through `hcl/parser`, YAML through `yaml`. Every node knows its place.
 * Names and literal strings are NFC.
 */
export interface Body {
  readonly attributes: readonly AttributeNode[]
  readonly blocks: readonly BlockNode[]
  readonly span: Span
}

export interface AttributeNode {
  readonly name: string
  readonly nameSpan: Span
  readonly value: Expr
  readonly span: Span
}

export interface BlockNode {
  readonly type: string
  readonly typeSpan: Span
  readonly labels: readonly Label[]
  readonly body: Body
  readonly span: Span
}

export interface Label {
  readonly text: string
  readonly span: Span
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||'

export type Expr =
  | { readonly kind: 'literal'; readonly value: string | Num | boolean | null; readonly span: Span }
  /**
   * A quoted or heredoc template. A part is literal text or an expression; directives are expressions of their own kinds.
   * A template of exactly one interpolation and no text (`"${x}"`) keeps the type of `x`: such a template has one part.
   */
  | { readonly kind: 'template'; readonly parts: readonly TemplatePart[]; readonly span: Span }
  | { readonly kind: 'variable'; readonly name: string; readonly span: Span }
  | {
      readonly kind: 'attribute'
      readonly object: Expr
      readonly name: string
      readonly nameSpan: Span
      readonly span: Span
    }
  /** `x[key]`, and the legacy `x.0`, whose key is a number literal. */
  | {
      readonly kind: 'index'
      readonly object: Expr
      readonly key: Expr
      readonly legacy: boolean
      readonly span: Span
    }
  /** `x[*].a` (full) or `x.*.a` (attribute-only). `each` is applied to every item, which it sees as the node `splat-item`. */
  | {
      readonly kind: 'splat'
      readonly object: Expr
      readonly each: Expr
      readonly full: boolean
      readonly span: Span
    }
  | { readonly kind: 'splat-item'; readonly span: Span }
  /** `name` is `upper` or, namespaced, `core::upper`. `expand`: the last argument is followed by `...`. */
  | {
      readonly kind: 'call'
      readonly name: string
      readonly nameSpan: Span
      readonly arguments: readonly Expr[]
      readonly expand: boolean
      readonly span: Span
    }
  | { readonly kind: 'unary'; readonly operator: '-' | '!'; readonly operand: Expr; readonly span: Span }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly operatorSpan: Span
      readonly left: Expr
      readonly right: Expr
      readonly span: Span
    }
  | {
      readonly kind: 'conditional'
      readonly condition: Expr
      readonly then: Expr
      readonly else: Expr
      readonly span: Span
    }
  | { readonly kind: 'tuple'; readonly items: readonly Expr[]; readonly span: Span }
  /** A bare identifier key (`{ a = 1 }`) is a literal string key; `(a)` and everything else are expressions. */
  | { readonly kind: 'object'; readonly items: readonly ObjectItem[]; readonly span: Span }
  | {
      readonly kind: 'for'
      readonly keyName: string | undefined
      readonly valueName: string
      readonly collection: Expr
      /** Set for the object form `{for … : key => value}`. */
      readonly key: Expr | undefined
      readonly value: Expr
      readonly condition: Expr | undefined
      readonly group: boolean
      readonly span: Span
    }
  | { readonly kind: 'parentheses'; readonly inner: Expr; readonly span: Span }
  /** Stands where the parser found a syntax error and went on. The error is already reported: evaluate to unknown. */
  | { readonly kind: 'broken'; readonly span: Span }

export interface ObjectItem {
  readonly key: Expr
  readonly value: Expr
}

/** Strip markers (`~`) and the indentation of `<<-` are already applied to the texts. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly value: string; readonly span: Span }
  | { readonly kind: 'interpolation'; readonly value: Expr; readonly span: Span }
  | {
      readonly kind: 'if'
      readonly condition: Expr
      readonly then: readonly TemplatePart[]
      readonly else: readonly TemplatePart[]
      readonly span: Span
    }
  | {
      readonly kind: 'for'
      readonly keyName: string | undefined
      readonly valueName: string
      readonly collection: Expr
      readonly body: readonly TemplatePart[]
      readonly span: Span
    }
