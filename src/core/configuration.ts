import type { Address } from './address.js'
import type { Diagnostic, Span } from './diagnostic.js'
import type { Type } from './type.js'
import type { Value } from './value.js'

/**
 * A checked configuration: what the files declare, with names resolved, ready to be evaluated in any order. The engine
 * works on this and knows neither HCL nor YAML; `lang/config` makes it.
 */
export interface Configuration {
  readonly settings: Settings
  /** By the provider's local name: `trifacta`, or with an alias `trifacta.eu`. Every provider that is used has an entry. */
  readonly providers: ReadonlyMap<string, ProviderBlock>
  readonly variables: ReadonlyMap<string, VariableBlock>
  readonly locals: ReadonlyMap<string, LocalValue>
  /** Resources and data sources by block address. */
  readonly resources: ReadonlyMap<Address, ResourceBlock>
  readonly outputs: ReadonlyMap<string, OutputBlock>
}

export interface Settings {
  readonly requiredVersion?: string
  /** The AWS behind the embedded control plane and the probe: `real` (as when absent) or `sandbox:FILE`. */
  readonly aws?: { readonly text: string; readonly span: Span }
  /** The state store: its type (`file`) and settings, which are literals. */
  readonly state?: {
    readonly type: string
    readonly settings: ReadonlyMap<string, Value>
    readonly span: Span
  }
}

export interface ProviderBlock {
  /** `trifacta` or `trifacta.eu`. */
  readonly name: string
  /** `trifacta`. */
  readonly type: string
  /** Undefined where the provider is used without a block of its own. */
  readonly span: Span | undefined
  readonly body: BodyExpression
}

export interface VariableBlock {
  readonly name: string
  readonly type: Type
  /** There is no `type` in the block: text from the command line is taken literally. */
  readonly untyped?: true
  readonly description?: string
  readonly sensitive: boolean
  readonly nullable: boolean
  /** Absent: a value is required. Already converted to the type. */
  readonly default?: Value
  /** Converts to the type, filling in the defaults of `optional()`. Throws a `Failure` without a place. */
  convert(value: Value): Value
  readonly validations: readonly Condition[]
  readonly span: Span
}

export interface Condition {
  readonly condition: Expression
  readonly message: Expression
  readonly span: Span
}

export interface LocalValue {
  readonly name: string
  readonly value: Expression
}

export interface OutputBlock {
  readonly name: string
  readonly description?: string
  readonly value: Expression
  readonly sensitive: boolean
  readonly dependsOn: readonly Reference[]
  readonly span: Span
}

export interface ResourceBlock {
  readonly mode: 'managed' | 'data'
  readonly type: string
  readonly name: string
  /** The block's address: `trifacta_person.jane`, `data.trifacta_people.all`. */
  readonly address: Address
  /** The provider's local name: a key of `Configuration.providers`. */
  readonly provider: string
  readonly forEach?: Expression
  readonly count?: Expression
  readonly body: BodyExpression
  readonly dependsOn: readonly Reference[]
  readonly lifecycle: Lifecycle
  readonly span: Span
}

export interface Lifecycle {
  readonly preventDestroy: boolean
  readonly createBeforeDestroy: boolean
  /** Names of attributes, or `'all'`. */
  readonly ignoreChanges: readonly string[] | 'all'
}

/**
 * A reference as it is written: `var.x`, `local.y`, `each.key`, `trifacta_person.p["a"].id`. `subject` is what it refers to
 * at the level of blocks: `var.x`, `local.y`, `trifacta_person.p`, `data.trifacta_people.all`, `each`, `count`, `self`, `path`, `terraform`.
 */
export interface Reference {
  readonly subject: string
  readonly span: Span
}

export interface Expression {
  readonly span: Span
  /** Everything that the expression can refer to, whatever its values are. */
  readonly references: readonly Reference[]
  /**
   * Evaluates. Pure and synchronous. A mistake (a wrong type, an unknown attribute, a failed function) is reported in one
   * thrown `Failure` with its place.
   */
  evaluate(scope: Scope): Value
}

/** The attributes and nested blocks of a block, as one object value that conforms to the schema of its type. */
export interface BodyExpression extends Expression {
  /**
   * Evaluates to an object with every attribute that the schema lets the user set: absent ones are null (or their default),
   * all converted to the types of the schema and checked by its rules (patterns, enums, conditional requirements) as far as
   * they are known. Reports all mistakes of the body at once.
   */
  evaluate(scope: Scope): Value
  /** Where the attribute is declared; undefined if it is not. */
  attributeSpan(name: string): Span | undefined
  /** The names of the attributes that are written in the block. */
  readonly declared: ReadonlySet<string>
}

/** One step into a value: an attribute name, or a key of `[…]` (a number or string value). */
export type Step =
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'index'; readonly key: Value }

/** What references mean where an expression is evaluated. */
export interface Scope {
  /**
   * Resolves the leading part of a reference. `root` is its first name (`var`, `local`, `each`, `trifacta_person`, `data`, …),
   * `steps` all that follow. Returns the value and how many of the steps it stands for; the evaluator takes the rest. A
   * resource reference with a key consumes the key too, so that `x[each.key]` never builds the collection of all of `x`.
   * Returns undefined for a name that it does not know, or throws a `Failure` without a place.
   */
  resolve(root: string, steps: readonly Step[]): Resolved | undefined
  /** Names that could have been meant, for "did you mean". */
  names(): Iterable<string>
  /** The ambient inputs of functions. */
  readonly environment: FunctionEnvironment
}

export interface Resolved {
  readonly value: Value
  readonly used: number
}

/** The names in a folder, with what they lead to when links are followed. */
export interface FolderListing {
  /** Its path from the root of the file system without links. */
  readonly real: string
  readonly entries: readonly {
    readonly name: string
    /** `nothing`: a link to what is not there. */
    readonly kind: 'file' | 'folder' | 'other' | 'nothing'
  }[]
}

/** What the functions `env`, `file`, `templatefile`, `secretfile`, … may touch; they have no other access to the world. */
export interface FunctionEnvironment {
  /** The environment variable, or undefined. */
  env(name: string): string | undefined
  /** The bytes of a file; a relative path is relative to the configuration folder. Throws if it cannot be read. */
  readFile(path: string): Uint8Array
  fileExists(path: string): boolean
  /** What is in a folder; undefined if it is none, or is not there. Throws if it cannot be read. */
  listFolder(path: string): FolderListing | undefined
  /** The configuration folder from the root of the file system, for `abspath()`. */
  readonly folder?: string
  /** The moment of the run, for `timestamp()` and `plantimestamp()`. */
  now(): Date
}

/** The result of reading a folder: the configuration as far as it could be understood, the messages and the sources. */
export interface Loaded {
  readonly configuration: Configuration | undefined
  readonly diagnostics: readonly Diagnostic[]
  /** File name to text, to show source lines in messages: secrets that stand in it are covered up, character by character. */
  readonly sources: ReadonlyMap<string, string>
  /** What could be more than one thing, or is not understood: `var.x`, `local.x`, `trifacta_person.jane`. Nothing is known of its value. */
  readonly doubtful: ReadonlySet<string>
  /** In whose text a place is: `provider.trifacta`, `var.x`, `trifacta_person.jane`. Undefined: in no declaration's. */
  declarationAt(place: Span): string | undefined
}
