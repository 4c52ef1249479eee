import type { Address } from '../../core/address.js'
import { quoteKey } from '../../core/address.js'
import type {
  Configuration,
  FunctionEnvironment,
  Resolved,
  ResourceBlock,
  Scope,
  Step,
} from '../../core/configuration.js'
import { type Diagnostic, error, Failure, hasErrors } from '../../core/diagnostic.js'
import { toSafeInteger } from '../../core/number.js'
import type { Attribute, Schema } from '../../core/schema.js'
import { list, map, object } from '../../core/type.js'
import { objectValue, stringValue, tupleValue, unknownValue, type Value } from '../../core/value.js'
import type { SchemaSource } from '../config/schema-source.js'
import type { Known } from './follow-ups.js'
import { type InstanceScope, type Instances, instancesOf } from './instances.js'

/** Evaluates a configuration without services: what they would say is unknown, of the type that the schema gives. */
export interface OfflineEvaluation {
  scope(instance?: InstanceScope): Scope
  instances(block: ResourceBlock): Instances
  /** Evaluates a local value, and reports what is wrong with it, once. */
  local(name: string): Value | undefined
}

export interface OfflineInput {
  readonly configuration: Configuration
  readonly schemas: SchemaSource
  readonly variables: ReadonlyMap<string, Value>
  readonly environment: FunctionEnvironment
  readonly known: Known
  report(diagnostic: Diagnostic): void
}

export function offlineEvaluation(input: OfflineInput): OfflineEvaluation {
  const { configuration } = input
  const { doubtful } = input.known
  // With mistakes in it, a configuration has references that mean nothing. They are told already; what they are is unknown.
  const broken = hasErrors(input.known.diagnostics)
  const locals = new Map<string, Value>()
  const expansions = new Map<Address, Instances>()
  const objects = new Map<Address, Value>()

  function local(name: string): Value | undefined {
    const block = configuration.locals.get(name)
    if (block === undefined) return undefined
    const known = locals.get(name)
    if (known !== undefined) return known
    // What refers to itself is reported when the configuration is loaded; what is wrong is reported once, here.
    locals.set(name, unknownValue())
    try {
      locals.set(name, block.value.evaluate(scope()))
    } catch (problem) {
      if (!(problem instanceof Failure)) throw problem
      for (const diagnostic of problem.diagnostics) input.report({ span: block.value.span, ...diagnostic })
    }
    return locals.get(name)
  }

  function instances(block: ResourceBlock): Instances {
    let found = expansions.get(block.address)
    if (found === undefined) {
      const standIn: Instances = {
        keyed: block.forEach ? 'for_each' : block.count ? 'count' : 'single',
        known: false,
        all: new Map(),
      }
      expansions.set(block.address, standIn)
      found = instancesOf(block, scope(), input.report)
      expansions.set(block.address, found)
    }
    return found
  }

  function objectOf(block: ResourceBlock): Value {
    let value = objects.get(block.address)
    if (value === undefined) {
      const schema = schemaOf(block, input.schemas)
      const waits = new Set([block.address])
      value =
        schema === undefined
          ? unknownValue(undefined, waits)
          : objectValue(
              [...schema.attributes.values()].map((a): [string, Value] => [
                a.name,
                unknownAttribute(a, waits),
              ]),
            )
      objects.set(block.address, value)
    }
    return value
  }

  function resolveObject(block: ResourceBlock, rest: readonly Step[], used: number): Resolved {
    // Its instances may be others, so what follows is not looked at.
    if (doubtful.has(block.address)) return { value: unknownValue(undefined, new Set([block.address])), used }
    const { keyed, known, all } = instances(block)
    const value = objectOf(block)
    if (keyed === 'single') return { value, used }
    const [step] = rest
    if (step?.kind === 'index') {
      const key = keyOf(step.key)
      if (known && key !== undefined && !all.has(keyed === 'count' ? Number(key) : String(key))) {
        throw new Failure(noInstance(block, key, all))
      }
      return { value, used: used + 1 }
    }
    if (!known) {
      const type = objectType(schemaOf(block, input.schemas))
      return {
        value: unknownValue(keyed === 'count' ? list(type) : map(type), new Set([block.address])),
        used,
      }
    }
    const items = [...all.keys()].map((key): [string, Value] => [String(key), value])
    return { value: keyed === 'count' ? tupleValue(items.map(([, item]) => item)) : objectValue(items), used }
  }

  function scope(instance?: InstanceScope): Scope {
    return {
      environment: input.environment,
      names: () => rootNames(configuration, instance),
      resolve(root, steps) {
        const resolved = resolveDeclared(root, steps, instance)
        return resolved === undefined && broken ? { value: unknownValue(), used: steps.length } : resolved
      },
    }
  }

  function resolveDeclared(
    root: string,
    steps: readonly Step[],
    instance: InstanceScope | undefined,
  ): Resolved | undefined {
    const named = (step: Step | undefined): string | undefined =>
      step?.kind === 'attribute' ? step.name : undefined
    const found = (value: Value | undefined): Resolved | undefined =>
      value === undefined ? undefined : { value, used: 1 }
    const name = named(steps[0])
    if (name === undefined) return undefined
    switch (root) {
      case 'var': {
        const variable = configuration.variables.get(name)
        if (variable === undefined) return undefined
        if (doubtful.has(`var.${name}`)) return found(unknownValue(undefined, undefined, variable.sensitive))
        return found(input.variables.get(name) ?? unknownValue(variable.type, undefined, variable.sensitive))
      }
      case 'local':
        return found(doubtful.has(`local.${name}`) ? unknownValue() : local(name))
      case 'each':
        return found(
          name === 'key' ? instance?.each?.key : name === 'value' ? instance?.each?.value : undefined,
        )
      case 'count':
        return found(name === 'index' ? instance?.index : undefined)
      case 'path':
        return found(stringValue('.'))
      case 'data': {
        const block = configuration.resources.get(`data.${name}.${named(steps[1])}`)
        return block && resolveObject(block, steps.slice(2), 2)
      }
      default: {
        const block = configuration.resources.get(`${root}.${name}`)
        return block && resolveObject(block, steps.slice(1), 1)
      }
    }
  }

  return { scope, instances, local }
}

export function schemaOf(block: ResourceBlock, schemas: SchemaSource): Schema | undefined {
  return block.mode === 'data' ? schemas.data(block.type) : schemas.resource(block.type)
}

function unknownAttribute(attribute: Attribute, waits: ReadonlySet<string>): Value {
  return unknownValue(attribute.type, waits, attribute.sensitive)
}

function objectType(schema: Schema | undefined) {
  return object(
    [...(schema?.attributes.values() ?? [])].map((attribute) => [attribute.name, attribute.type] as const),
  )
}

function keyOf(key: Value): string | number | undefined {
  if (key.kind === 'string') return key.value
  return key.kind === 'number' ? toSafeInteger(key.value) : undefined
}

function noInstance(block: ResourceBlock, key: string | number, all: Instances['all']): Diagnostic {
  const keys = [...all.keys()]
    .slice(0, 8)
    .map((one) => (typeof one === 'number' ? String(one) : quoteKey(String(one))))
  return error('lang/no-instance', 'No such instance', {
    detail: `${block.address} has no instance ${typeof key === 'number' ? key : quoteKey(key)}.`,
    help:
      all.size === 0
        ? 'It has no instances at all.'
        : `Its instances are: ${keys.join(', ')}${all.size > keys.length ? `, … (${all.size} in all)` : ''}.`,
  })
}

function* rootNames(configuration: Configuration, instance: InstanceScope | undefined): Iterable<string> {
  for (const name of configuration.variables.keys()) yield `var.${name}`
  for (const name of configuration.locals.keys()) yield `local.${name}`
  yield* configuration.resources.keys()
  if (instance?.each !== undefined) yield* ['each.key', 'each.value']
  if (instance?.index !== undefined) yield 'count.index'
}
