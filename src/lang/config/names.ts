import { type Address, blockAddress } from '../../core/address.js'
import { error, type Span } from '../../core/diagnostic.js'
import { nearest } from '../../core/nearest.js'
import type { Schema } from '../../core/schema.js'
import { configurationGrammar } from '../grammar.js'
import type { AttributeNode, BlockNode, Body, Label } from '../hcl/ast.js'
import { argument } from './argument.js'
import { declaredBy } from './gaps.js'
import { headOf, type Loading, placeOf } from './loading.js'
import { hasLabels } from './shape.js'

export interface Declared<T> {
  readonly span: Span
  readonly node: T
}

export interface DeclaredLocal extends Declared<AttributeNode> {
  /** The block that it stands in. */
  readonly within: Span
}

export interface DeclaredObject extends Declared<BlockNode> {
  readonly mode: 'managed' | 'data'
  readonly type: string
  readonly name: string
  /** Undefined: there is no such type, which is reported where the block is read. */
  readonly schema: Schema | undefined
  readonly keyed: 'for_each' | 'count' | undefined
}

/** Everything that the files declare, by name: what references are checked against. */
export interface Names {
  readonly settings: readonly BlockNode[]
  /** By local name: `trifacta`, `trifacta.eu`. */
  readonly providers: ReadonlyMap<string, Declared<BlockNode>>
  readonly variables: ReadonlyMap<string, Declared<BlockNode>>
  readonly locals: ReadonlyMap<string, DeclaredLocal>
  readonly objects: ReadonlyMap<Address, DeclaredObject>
  readonly outputs: ReadonlyMap<string, Declared<BlockNode>>
  /** Blocks whose type is misspelt or whose labels are wrong, which is reported: by the type that is meant. Nothing in them is read. */
  readonly misshapen: readonly { readonly type: string; readonly labels: readonly string[] }[]
}

/** Is something of this name declared, in a block that could not be read? */
export function isMisshapen({ misshapen, objects }: Names, root: string, name: string): boolean {
  const type = declaredBy.get(root) ?? 'resource'
  if (misshapen.some((one) => one.type === type && (one.labels.includes(name) || one.labels.includes(root))))
    return true
  if (type !== 'resource' && type !== 'data') return false
  return [...objects.values()].some((one) => one.schema === undefined && one.name === name)
}

/** Finds all declarations. A second one of the same name is reported, naming the first, and left out. */
export function collectNames(files: readonly Body[], loading: Loading): Names {
  const names = {
    settings: [] as BlockNode[],
    providers: new Map<string, Declared<BlockNode>>(),
    variables: new Map<string, Declared<BlockNode>>(),
    locals: new Map<string, DeclaredLocal>(),
    objects: new Map<Address, DeclaredObject>(),
    outputs: new Map<string, Declared<BlockNode>>(),
    misshapen: [] as Names['misshapen'][number][],
  }
  const add = <T extends Declared<AttributeNode | BlockNode>>(
    into: Map<string, T>,
    name: string,
    what: string,
    one: T,
    subject: string,
  ): void => {
    const first = into.get(name)
    if (first === undefined) {
      into.set(name, one)
      return
    }
    loading.doubtful.add(subject)
    loading.unread(one.node.span)
    // YAML itself has no key twice.
    if (loading.gaps.onLine(one.span)) return
    loading.report(
      error('lang/duplicate', 'Declared twice', {
        detail: `${what} is declared here and at ${placeOf(first.span)}.`,
        help: 'Rename or remove one of the two.',
        span: one.span,
      }),
    )
  }
  for (const file of files) {
    for (const block of file.blocks) {
      const grammar = configurationGrammar.blocks.get(block.type)
      if (grammar === undefined || !hasLabels(block, grammar)) {
        const type = nearest(block.type, configurationGrammar.blocks.keys()) ?? block.type
        names.misshapen.push({ type, labels: block.labels.map(({ text }) => text) })
        continue
      }
      if (grammar.refused !== undefined) continue
      const [first, second] = block.labels as readonly Label[]
      const span = headOf(block)
      const label = first?.text ?? ''
      switch (block.type) {
        case 'rolecall':
          names.settings.push(block)
          break
        case 'provider': {
          const alias = aliasOf(block)
          const name = alias === undefined ? label : `${label}.${alias}`
          add(names.providers, name, `The provider ${name}`, { span, node: block }, `provider.${name}`)
          break
        }
        case 'variable':
          add(names.variables, label, `The variable "${label}"`, { span, node: block }, `var.${label}`)
          break
        case 'output':
          add(names.outputs, label, `The output "${label}"`, { span, node: block }, `output.${label}`)
          break
        case 'locals':
          for (const node of block.body.attributes) {
            const local = `The local value "${node.name}"`
            add(
              names.locals,
              node.name,
              local,
              { span: node.nameSpan, node, within: block.span },
              `local.${node.name}`,
            )
          }
          break
        case 'resource':
        case 'data': {
          const mode = block.type === 'data' ? 'data' : 'managed'
          const name = second?.text ?? ''
          const address = blockAddress(mode, label, name)
          const schema = mode === 'data' ? loading.schemas.data(label) : loading.schemas.resource(label)
          const keyed = keyedBy(block)
          const declared = { span, node: block, mode, type: label, name, schema, keyed } as const
          add(names.objects, address, address, declared, address)
        }
      }
    }
  }
  return names
}

/** The alias of a provider block, where it is plain text; anything else is reported where the block is read. */
export function aliasOf(block: BlockNode): string | undefined {
  const value = argument(block.body, 'alias')?.value
  return value?.kind === 'literal' && typeof value.value === 'string' ? value.value : undefined
}

function keyedBy(block: BlockNode): 'for_each' | 'count' | undefined {
  for (const { name } of block.body.attributes) if (name === 'for_each' || name === 'count') return name
  return undefined
}
