import { type Address, blockAddress } from '../../core/address.js'
import { error, type Span } from '../../core/diagnostic.js'
import type { Schema } from '../../core/schema.js'
import { configurationGrammar } from '../grammar.js'
import type { AttributeNode, BlockNode, Body, Label } from '../hcl/ast.js'
import { argument } from './argument.js'
import { headOf, type Loading, placeOf } from './loading.js'
import { hasLabels } from './shape.js'

export interface Declared<T> {
  readonly span: Span
  readonly node: T
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
  readonly locals: ReadonlyMap<string, Declared<AttributeNode>>
  readonly objects: ReadonlyMap<Address, DeclaredObject>
  readonly outputs: ReadonlyMap<string, Declared<BlockNode>>
}

/** Finds all declarations. A second one of the same name is reported, naming the first, and left out. */
export function collectNames(files: readonly Body[], loading: Loading): Names {
  const names = {
    settings: [] as BlockNode[],
    providers: new Map<string, Declared<BlockNode>>(),
    variables: new Map<string, Declared<BlockNode>>(),
    locals: new Map<string, Declared<AttributeNode>>(),
    objects: new Map<Address, DeclaredObject>(),
    outputs: new Map<string, Declared<BlockNode>>(),
  }
  const add = <T extends Declared<unknown>>(
    into: Map<string, T>,
    name: string,
    what: string,
    one: T,
  ): void => {
    const first = into.get(name)
    if (first === undefined) {
      into.set(name, one)
      return
    }
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
      if (grammar === undefined || grammar.refused !== undefined || !hasLabels(block, grammar)) continue
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
          add(names.providers, name, `The provider ${name}`, { span, node: block })
          break
        }
        case 'variable':
          add(names.variables, label, `The variable "${label}"`, { span, node: block })
          break
        case 'output':
          add(names.outputs, label, `The output "${label}"`, { span, node: block })
          break
        case 'locals':
          for (const node of block.body.attributes) {
            add(names.locals, node.name, `The local value "${node.name}"`, { span: node.nameSpan, node })
          }
          break
        case 'resource':
        case 'data': {
          const mode = block.type === 'data' ? 'data' : 'managed'
          const name = second?.text ?? ''
          const address = blockAddress(mode, label, name)
          add(names.objects, address, address, {
            span,
            node: block,
            mode,
            type: label,
            name,
            schema: mode === 'data' ? loading.schemas.data(label) : loading.schemas.resource(label),
            keyed: keyedBy(block),
          })
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
