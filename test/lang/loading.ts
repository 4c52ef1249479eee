import type { FunctionEnvironment, Loaded } from '../../src/core/configuration.js'
import type { Diagnostic } from '../../src/core/diagnostic.js'
import { loadConfiguration } from '../../src/lang/config.js'
import { testSchemas } from './schemas.js'

/** Loads files given by name; one text alone is `main.hcl`. */
export function load(files: string | Readonly<Record<string, string>>): Loaded {
  const all = typeof files === 'string' ? { 'main.hcl': files } : files
  return loadConfiguration(new Map(Object.entries(all)), testSchemas, '0.1.0')
}

/** `main.hcl:3:5 lang/unknown-attribute`. */
export function brief({ span, code }: Diagnostic): string {
  return span === undefined ? code : `${span.file}:${span.start.line}:${span.start.column} ${code}`
}

/** What is wrong with the files, in the order of the text. */
export function problems(files: string | Readonly<Record<string, string>>): readonly string[] {
  return load(files).diagnostics.map(brief)
}

/** A world with a few variables and no files, in which it is always the same moment. */
export function world(env: Readonly<Record<string, string>> = {}): FunctionEnvironment {
  return {
    env: (name) => (Object.hasOwn(env, name) ? env[name] : undefined),
    readFile: (path) => {
      throw new Error(`there is no file ${path}`)
    },
    fileExists: () => false,
    listFolder: () => undefined,
    now: () => new Date(0),
  }
}
