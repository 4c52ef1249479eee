import type { Expr } from '../hcl/ast.js'

/** Where an expression stands, which decides what it may refer to. */
export type Place =
  | 'general'
  /** In a block with `for_each`, or with `count`. */
  | 'for_each'
  | 'count'
  /** In a block with neither; or in the `for_each` or `count` itself. */
  | 'plain-block'
  | 'key'
  /** In a block of which it is not certain whether it has one of them. */
  | 'doubtful-keys'
  /** In a `validation`, where only variables have values yet. */
  | 'validation'
  /** An entry of `depends_on`: a whole object. */
  | 'depends_on'

/** An expression whose references are to be checked, and the declaration that it belongs to (`local.x`, `provider.trifacta`, …). */
export interface Use {
  readonly expr: Expr
  readonly from: string
  readonly place: Place
  /** It makes a secret: what stands there may be one that lacks its quotes. */
  readonly secret?: boolean
}
