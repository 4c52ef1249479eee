import { type DiagnosticPlace, error, Failure } from './diagnostic.js'
import { isRecord } from './shape.js'

/** The largest object of a journal that is written or read, in bytes. */
export const largestObject = 256 * 1024 * 1024

/**
 * What is common to the objects of a journal (`lineage`, a group of entries, a snapshot): one JSON object in UTF-8 that
 * names its format and the version of it. `place` is where the bytes come from, for messages.
 */
export function parseObject(
  bytes: Uint8Array,
  format: string,
  place: string,
): Readonly<Record<string, unknown>> {
  if (bytes.length > largestObject)
    throw corrupt(place, `it has ${bytes.length} bytes, the limit is ${largestObject}`)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw corrupt(place, `it is not JSON (${(cause as Error).message})`, { cause })
  }
  if (!isRecord(value) || value.format !== format) {
    throw foreign(place, `it is not a "${format}" document`)
  }
  if (typeof value.version !== 'number' || !Number.isSafeInteger(value.version) || value.version < 1) {
    throw corrupt(place, 'its version must be a whole number from 1 up')
  }
  if (value.version > 1) throw newer(place, value.version)
  return value
}

/** JSON text as the bytes of an object. Throws a plain error when it is larger than what readers accept. */
export function toBytes(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'utf8')
  if (bytes.length > largestObject) {
    throw new Error(`an object of the state would have ${bytes.length} bytes, the limit is ${largestObject}`)
  }
  return bytes
}

const recover =
  'Put the state back from a backup. Without one, move it away and plan again: the services are asked what is really ' +
  'there, and objects are found again by their natural keys and adopted.'

export function corrupt(place: string, detail: string, options?: ErrorOptions): Failure {
  return failure(
    'state/corrupt',
    'The recorded state is damaged',
    { detail: `${place}: ${detail}.`, help: recover },
    options,
  )
}

export function foreign(place: string, detail: string): Failure {
  return failure('state/foreign', 'This is not the state that belongs here', {
    detail: `${place}: ${detail}.`,
    help:
      'Something else was put where the state is kept, or parts of two states were mixed. Check where the "state" block ' +
      'points. ' +
      recover,
  })
}

export function newer(place: string, version: number): Failure {
  return failure('state/newer-version', 'The state was written by a newer version of Rolecall', {
    detail: `${place}: format version ${version}, this version of Rolecall reads up to 1.`,
    help: 'Install the version of Rolecall that the others who work with this state use, or a later one.',
  })
}

function failure(code: string, summary: string, place: DiagnosticPlace, options?: ErrorOptions): Failure {
  return new Failure(error(code, summary, place), options)
}
