import type { FunctionEnvironment } from '../../core/configuration.js'
import { error, Failure } from '../../core/diagnostic.js'
import { fileReason } from '../../core/file-error.js'
import { markSensitive } from '../../core/leaves.js'
import { bool, dynamic, string } from '../../core/type.js'
import { boolValue, stringValue, type Value } from '../../core/value.js'
import { mappingAt, stringAt, text } from './argument.js'
import { fileset } from './fileset.js'
import { ArgumentError, functionFailure, type LanguageFunction } from './function.js'

/** Functions that look outside: at files and at the environment, and only through `FunctionEnvironment`. */
export const fileFunctions: readonly LanguageFunction[] = [
  {
    name: 'file',
    doc: 'The text of a file.',
    parameters: [text('path')],
    returns: string,
    call: (args, { environment }) => stringValue(readText(environment, stringAt(args, 0))),
  },
  {
    name: 'filebase64',
    doc: 'The bytes of a file in Base64.',
    parameters: [text('path')],
    returns: string,
    call: (args, { environment }) =>
      stringValue(Buffer.from(readBytes(environment, stringAt(args, 0))).toString('base64')),
  },
  {
    name: 'fileexists',
    doc: 'Is there a file?',
    parameters: [text('path')],
    returns: bool,
    call: (args, { environment }) => boolValue(environment.fileExists(stringAt(args, 0))),
  },
  fileset,
  {
    name: 'templatefile',
    doc: 'The text of a file, evaluated as a template that sees the given variables.',
    parameters: [text('path'), { name: 'vars', type: dynamic, unknown: 'parts', marks: 'own' }],
    returns: dynamic,
    call(args, { environment, renderTemplate }) {
      const path = stringAt(args, 0)
      return renderTemplate(readText(environment, path), path, templateNames(args))
    },
  },
  {
    name: 'templatestring',
    doc: 'A text from elsewhere, evaluated as a template that sees the given variables.',
    parameters: [
      {
        ...text('template'),
        reference:
          'Write a template that stands here as a string of its own, "…${x}…"; or put its text into a local value.',
      },
      { name: 'vars', type: dynamic, unknown: 'parts', marks: 'own' },
    ],
    returns: dynamic,
    call: (args, { renderTemplate }) =>
      renderTemplate(stringAt(args, 0), 'the template of templatestring()', templateNames(args)),
  },
  {
    name: 'env',
    doc: 'An environment variable, as a secret. Without a default it must be set.',
    parameters: [text('name'), { name: 'default', type: string, optional: true, null: true, unknown: 'all' }],
    returns: string,
    call: env,
  },
  {
    name: 'secretfile',
    doc: 'The text of a file, without one line ending at its end, as a secret.',
    parameters: [text('path')],
    returns: string,
    call: secretFile,
  },
]

function templateNames(args: readonly Value[]): ReadonlyMap<string, Value> {
  const names = mappingAt(args, 1).entries
  for (const name of names.keys()) {
    if (!/^\p{L}[\p{L}\p{Nd}_]*$/u.test(name)) {
      throw new ArgumentError(1, `${JSON.stringify(name)} is no name for a variable of a template`)
    }
  }
  return names
}

function env(args: readonly Value[], { environment }: { readonly environment: FunctionEnvironment }): Value {
  const name = stringAt(args, 0)
  const value = environment.env(name)
  if (value !== undefined) return stringValue(value, true)
  const fallback = args[1]
  if (fallback !== undefined) return markSensitive(fallback)
  throw new Failure(
    error('lang/environment-variable', 'Environment variable not set', {
      detail: `The environment variable ${name} is not set.`,
      help: `Set ${name}, or give a default: env(${JSON.stringify(name)}, "…").`,
    }),
  )
}

function secretFile(
  args: readonly Value[],
  { environment }: { readonly environment: FunctionEnvironment },
): Value {
  const path = stringAt(args, 0)
  if (environment.fileExists(path))
    return stringValue(readText(environment, path).replace(/\r?\n$/, ''), true)
  throw new Failure(
    error('lang/secret-file', 'Secret file not there', {
      detail: `There is no file ${JSON.stringify(path)}.`,
      help: 'Put the secret there. Relative paths are relative to the folder of the configuration.',
    }),
  )
}

/** The bytes of a file. Throws an `ArgumentError` for the first argument if it cannot be read. */
export function readBytes(environment: FunctionEnvironment, path: string): Uint8Array {
  try {
    return environment.readFile(path)
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    if (!environment.fileExists(path)) {
      const help = 'Relative paths are relative to the folder of the configuration.'
      throw new ArgumentError(0, `there is no file ${JSON.stringify(path)}`, help)
    }
    throw new ArgumentError(
      0,
      `${JSON.stringify(path)} cannot be read: ${fileReason(cause).replace(/\.$/, '')}`,
    )
  }
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function readText(environment: FunctionEnvironment, path: string): string {
  const bytes = readBytes(environment, path)
  try {
    return strict.decode(bytes)
  } catch {
    throw functionFailure(
      `The file ${JSON.stringify(path)} is no UTF-8 text.`,
      'For its bytes use filebase64(), for a hash of them filesha256() and the like.',
    )
  }
}
