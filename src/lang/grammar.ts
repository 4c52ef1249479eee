/**
 * Which blocks stand where, with their labels and the arguments that the language itself gives them. The only such list:
 * YAML is turned into blocks by it, and `config/shape` finds with it what does not belong.
 */
export interface Grammar {
  /** What each label is, for messages: `['type', 'name']`. */
  readonly labels: readonly string[]
  /** The language's own arguments. */
  readonly attributes: ReadonlyMap<string, AttributeRole>
  readonly blocks: ReadonlyMap<string, Grammar>
  /** Other arguments are allowed: their names come from a schema, or are the user's own (`locals`). */
  readonly open: boolean
  /** At most once in its parent. */
  readonly once: boolean
  /** Terraform's users know it, this program does not have it: what to do instead. */
  readonly refused?: string
}

/** `reference` and `type`: in YAML, where everything else is a template, these are bare strings. `refused` as for blocks. */
export type AttributeRole = 'value' | 'reference' | 'type' | { readonly refused: string }

interface Shape {
  readonly labels?: readonly string[]
  readonly attributes?: Readonly<Record<string, AttributeRole>>
  readonly blocks?: Readonly<Record<string, Grammar>>
  readonly open?: boolean
  readonly once?: boolean
}

const grammar = (shape: Shape): Grammar => ({
  labels: shape.labels ?? [],
  attributes: new Map(Object.entries(shape.attributes ?? {})),
  blocks: new Map(Object.entries(shape.blocks ?? {})),
  open: shape.open ?? false,
  once: shape.once ?? false,
})

/** Everything inside is accepted, since the block as a whole is refused already. */
const refused = (instead: string, labels: readonly string[] = []): Grammar => ({
  ...grammar({ labels, open: true }),
  refused: instead,
})

const conditions = {
  precondition: refused('conditions on resources are not built yet: use `validation` in a `variable` block'),
  postcondition: refused('conditions on resources are not built yet: use `validation` in a `variable` block'),
}

const lifecycle = grammar({
  once: true,
  attributes: {
    prevent_destroy: 'value',
    create_before_destroy: 'value',
    ignore_changes: 'reference',
    replace_triggered_by: {
      refused:
        'it is not built yet: use `rolecall apply --replace=ADDRESS` when the object must be made anew',
    },
  },
  blocks: conditions,
})

const object = grammar({
  labels: ['type', 'name'],
  open: true,
  attributes: { for_each: 'value', count: 'value', depends_on: 'reference', provider: 'reference' },
  blocks: {
    lifecycle,
    dynamic: refused(
      'there are no nested blocks here: write the argument as a list with a `for` expression',
      ['name'],
    ),
    provisioner: refused(
      'Rolecall runs no programs on a change: do that in the pipeline that runs Rolecall',
      ['type'],
    ),
    connection: refused('Rolecall runs no programs on a change, so it needs no connection'),
  },
})

/** The top level of a file. */
export const configurationGrammar: Grammar = grammar({
  blocks: {
    rolecall: grammar({
      attributes: { required_version: 'value', aws: 'value' },
      blocks: { state: grammar({ labels: ['type'], open: true }) },
    }),
    provider: grammar({
      labels: ['name'],
      open: true,
      attributes: {
        alias: 'value',
        version: { refused: 'providers are part of Rolecall: use `required_version` in a `rolecall` block' },
      },
    }),
    variable: grammar({
      labels: ['name'],
      attributes: {
        type: 'type',
        default: 'value',
        description: 'value',
        sensitive: 'value',
        nullable: 'value',
        ephemeral: { refused: 'use `sensitive = true`: no secret is ever stored, only a keyed fingerprint' },
      },
      blocks: { validation: grammar({ attributes: { condition: 'value', error_message: 'value' } }) },
    }),
    locals: grammar({ open: true }),
    resource: object,
    data: object,
    output: grammar({
      labels: ['name'],
      attributes: {
        value: 'value',
        description: 'value',
        sensitive: 'value',
        depends_on: 'reference',
        ephemeral: { refused: 'use `sensitive = true`: no secret is ever stored, only a keyed fingerprint' },
      },
      blocks: { precondition: conditions.precondition },
    }),
    module: refused('modules are not built yet: put the files into one folder, and use `for_each`', ['name']),
    import: refused(
      'it is not built yet: an object that exists is adopted by its natural key when it is declared',
    ),
    moved: refused('it is not built yet: an object is found again under its new address by its natural key'),
    removed: refused(
      'it is not built yet: use `rolecall state rm ADDRESS` to forget an object without deleting it',
    ),
    check: refused('it is not built yet: use `validation` in a `variable` block', ['name']),
    terraform: refused('use a `rolecall` block, with `required_version` and `state`'),
    ephemeral: refused('use `env("NAME")` or `secretfile("path")` for secrets', ['type', 'name']),
  },
})

/** The roles that the arguments of `variable` and the like have where no grammar speaks: plain values. */
export const valuesGrammar: Grammar = grammar({ open: true })
