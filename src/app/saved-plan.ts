import type { PlanOptions, SavedPlan } from '../app.js'
import { canonical } from '../core/canonical.js'
import type { Configuration } from '../core/configuration.js'
import { convert, typeOf } from '../core/convert.js'
import { error, Failure } from '../core/diagnostic.js'
import { hasSensitive } from '../core/equality.js'
import type { Json, JsonObject } from '../core/json.js'
import { type Outline, outlineCodec } from '../core/outline.js'
import type { Change, Plan } from '../core/plan.js'
import { decodePlan, encodePlan } from '../core/plan-codec.js'
import { typeFromJson, typeToJson } from '../core/type-json.js'
import type { Value } from '../core/value.js'
import type { SchemaSource } from '../lang/config.js'
import { fromJsonText, toJsonText } from '../lang/json-text.js'
import { outlineOf } from './outline.js'
import { secretVariables } from './secret-variables.js'
import { toolVersion } from './version.js'

const format = 'rolecall-plan'
const formatVersion = 1

export interface PlanToSave {
  readonly plan: Plan
  readonly options: PlanOptions
  readonly configuration: Configuration
  readonly schemas: SchemaSource
  readonly variables: ReadonlyMap<string, Value>
  readonly created: Date
  /** The key of the plan's fingerprints, where the state has none yet: the first apply stores it. */
  readonly fingerprintKey?: string
}

/** A plan as a file holds it. Variables that bring secrets are only named: their values must be given again at apply. */
export function savePlan(source: PlanToSave): SavedPlan {
  const variables: Record<string, Json> = Object.create(null)
  const sensitive: string[] = []
  const isWithheld = withheldFrom(source)
  for (const [name, value] of source.variables) {
    if (isWithheld(name, value)) sensitive.push(name)
    else variables[name] = { type: typeToJson(typeOf(value)), json: toJsonText(value) }
  }
  const { options } = source
  return {
    format,
    formatVersion,
    rolecallVersion: toolVersion(),
    created: source.created.toISOString(),
    options: {
      mode: options.mode ?? 'normal',
      refresh: options.refresh ?? true,
      targets: options.targets ?? [],
      excludes: options.excludes ?? [],
      replace: options.replace ?? [],
      adopt: options.adopt ?? true,
      rebind: options.rebind ?? false,
      ...(options.allowDeletes !== undefined && { allowDeletes: options.allowDeletes }),
    },
    variables,
    sensitiveVariables: sensitive.sort(),
    ...(source.fingerprintKey !== undefined && { fingerprintKey: source.fingerprintKey }),
    configuration: outlineCodec.encode(outlineOf(source.configuration, source.schemas)),
    plan: encodePlan(source.plan),
  }
}

function withheldFrom({
  configuration,
  schemas,
}: Pick<PlanToSave, 'configuration' | 'schemas'>): (name: string, value: Value) => boolean {
  const secret = secretVariables(configuration, schemas)
  return (name, value) => secret.has(name) || hasSensitive(value)
}

/** The variables whose values the plan file does not hold, and which do not have their default's: to be given again at apply. */
export function givenAgain(
  source: Pick<PlanToSave, 'configuration' | 'schemas' | 'variables'>,
  byDefault: ReadonlySet<string>,
): readonly string[] {
  const isWithheld = withheldFrom(source)
  return [...source.variables]
    .filter(([name, value]) => !byDefault.has(name) && isWithheld(name, value))
    .map(([name]) => name)
    .sort()
}

export interface ReadPlan {
  readonly plan: Plan
  readonly options: PlanOptions
  readonly variables: ReadonlyMap<string, Value>
  /** Variables whose values are not in the plan. */
  readonly sensitiveVariables: readonly string[]
  /** RFC 3339. */
  readonly created: string
  /** The version of Rolecall that made it. */
  readonly version: string
  readonly outline: Outline
  readonly fingerprintKey: string | undefined
}

/** Reads a saved plan strictly: it is a file, and files are not to be trusted. */
export function readSavedPlan(saved: SavedPlan): ReadPlan {
  if (saved.format !== format) throw notAPlan('It is not a plan that "rolecall plan --out" has written.')
  if (saved.formatVersion !== formatVersion) {
    throw notAPlan(
      `It has format version ${JSON.stringify(saved.formatVersion)}; this version of Rolecall reads ${formatVersion}.`,
    )
  }
  try {
    const options = asObject(saved.options)
    const variables = new Map<string, Value>()
    for (const [name, entry] of Object.entries(asObject(saved.variables))) {
      const { type, json } = asObject(entry)
      variables.set(name, convert(fromJsonText(asText(json)), typeFromJson(type as Json)))
    }
    return {
      plan: decodePlan(saved.plan as Json),
      variables,
      sensitiveVariables: asTexts(saved.sensitiveVariables),
      created: asText(saved.created),
      version: asText(saved.rolecallVersion),
      outline: outlineCodec.decode(saved.configuration ?? null, 'configuration'),
      fingerprintKey: saved.fingerprintKey === undefined ? undefined : asKey(saved.fingerprintKey),
      options: {
        mode: asMode(options.mode),
        refresh: options.refresh !== false,
        targets: asTexts(options.targets),
        excludes: asTexts(options.excludes),
        replace: asTexts(options.replace),
        adopt: options.adopt !== false,
        rebind: options.rebind === true,
        ...(typeof options.allowDeletes === 'number' && { allowDeletes: options.allowDeletes }),
      },
    }
  } catch (cause) {
    if (cause instanceof Failure && cause.diagnostics.some((d) => d.code === 'plan/not-a-plan')) throw cause
    throw notAPlan(`It is damaged: ${(cause as Error).message}`)
  }
}

/**
 * Every change that the saved plan holds must still be the same, and no other may have come up. Compared is what a reviewer
 * saw: the action, the object and the fields. Throws a `Failure` that names each address that differs. `byDefault` are the variables
 * to which nobody gives a value now.
 */
export function refuseStale(
  { plan: saved, sensitiveVariables }: Pick<ReadPlan, 'plan' | 'sensitiveVariables'>,
  fresh: Plan,
  byDefault: ReadonlySet<string>,
): void {
  // A plan that was made before there was a state has no lineage yet.
  if (saved.lineage !== '' && saved.lineage !== fresh.lineage)
    throw new Failure(
      error('plan/foreign', 'The saved plan is for another state', {
        detail: `It was made for the state ${saved.lineage}, and this is ${fresh.lineage}.`,
        help: 'Apply it where it was made, or make a plan here. Nothing was applied.',
      }),
    )
  const before = digests(saved)
  const after = digests(fresh)
  const differs = new Set<string>()
  for (const [key, digest] of before) if (after.get(key) !== digest) differs.add(key)
  for (const key of after.keys()) if (!before.has(key)) differs.add(key)
  if (saved.mode !== fresh.mode) differs.add('the mode')
  if (differs.size === 0) return
  const names = [...differs].sort()
  throw new Failure(
    error('plan/stale', 'The saved plan is stale', {
      detail: `Since it was made, something has changed for: ${names.slice(0, 20).join(', ')}${names.length > 20 ? `, … (${names.length} in all)` : ''}.`,
      help: `${againText(sensitiveVariables, byDefault)}Make a new plan and have it reviewed again. Nothing was applied.`,
    }),
  )
}

/**
 * A secret that is another one than at the time of the plan looks like a change that somebody made. The plan does not tell which one it
 * is, so all of them are named.
 */
function againText(withheld: readonly string[], byDefault: ReadonlySet<string>): string {
  if (withheld.length === 0) return ''
  const rule = 'A plan file does not hold the values of variables that feed secrets. '
  const names = (all: readonly string[]) => all.map((name) => `var.${name}`).join(', ')
  const defaulted = withheld.filter((name) => byDefault.has(name))
  const given = withheld.filter((name) => !byDefault.has(name))
  const left =
    defaulted.length === 0
      ? ''
      : `${names(defaulted)} ${defaulted.length === 1 ? 'was not given and has its default' : 'were not given and have their defaults'} now. `
  const other =
    given.length === 0
      ? ''
      : `${names(given)} ${given.length === 1 ? 'was given, perhaps with another value' : 'were given, perhaps with other values'} than for the plan. `
  return `${rule}${left}${other}If that is the change, give ${withheld.length === 1 ? 'it the value' : 'them the values'} with which the plan was made, and apply the plan again. Otherwise: `
}

function digests(plan: Plan): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  const encoded = encodePlan({ ...plan, changes: plan.changes.filter((c) => c.action !== 'keep') })
  const changes = encoded.changes as readonly JsonObject[]
  for (const change of changes) {
    const { address, deposedKey } = change as unknown as Change
    const { before: _before, after: _after, consequences: _told, ...facts } = change
    // What goes may have been changed by hand in the meantime: it goes all the same.
    const seen = change.action === 'delete' ? { ...facts, fields: [] } : facts
    found.set(deposedKey === undefined ? address : `${address} (deposed ${deposedKey})`, canonical(seen))
  }
  for (const output of encoded.outputs as readonly JsonObject[]) {
    if (output.action !== 'keep') found.set(`output.${String(output.name)}`, canonical(output))
  }
  return found
}

function notAPlan(detail: string): Failure {
  return new Failure(
    error('plan/not-a-plan', 'The saved plan cannot be read', {
      detail,
      help: 'Make a new one with "rolecall plan --out=FILE".',
    }),
  )
}

function asObject(json: Json | undefined): JsonObject {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) throw notAPlan('It is damaged.')
  return json as JsonObject
}

function asText(json: Json | undefined): string {
  if (typeof json !== 'string') throw notAPlan('It is damaged.')
  return json
}

function asKey(json: Json): string {
  const key = asText(json)
  if (!/^[0-9a-f]{64}$/.test(key)) throw notAPlan('Its fingerprint key is damaged.')
  return key
}

function asTexts(json: Json | undefined): readonly string[] {
  if (!Array.isArray(json)) throw notAPlan('It is damaged.')
  return (json as readonly Json[]).map(asText)
}

function asMode(json: Json | undefined): 'normal' | 'destroy' | 'refresh-only' {
  if (json === 'normal' || json === 'destroy' || json === 'refresh-only') return json
  throw notAPlan('It is damaged.')
}
