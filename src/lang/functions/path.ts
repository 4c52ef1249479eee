import { posix } from 'node:path'
import { string } from '../../core/type.js'
import { stringValue } from '../../core/value.js'
import { stringAt, text } from './argument.js'
import { functionFailure, type LanguageFunction } from './function.js'

/** Functions on the texts of paths; separated by slashes on every system. */
export const pathFunctions: readonly LanguageFunction[] = [
  {
    name: 'basename',
    doc: 'The last part of a path.',
    parameters: [text('path')],
    returns: string,
    call: (args) => stringValue(basename(stringAt(args, 0))),
  },
  {
    name: 'dirname',
    doc: 'A path without its last part.',
    parameters: [text('path')],
    returns: string,
    call: (args) => stringValue(dirname(stringAt(args, 0))),
  },
  {
    name: 'abspath',
    doc: 'The path from the root of the file system.',
    parameters: [text('path')],
    returns: string,
    call(args, { environment }) {
      const path = stringAt(args, 0)
      if (path.startsWith('/')) return stringValue(trimmed(posix.normalize(path)))
      if (environment.folder === undefined)
        throw functionFailure('It is not known here which folder this is in.')
      return stringValue(posix.resolve(environment.folder, path))
    },
  },
  {
    name: 'pathexpand',
    doc: 'The path with the home folder in place of a leading "~".',
    parameters: [text('path')],
    returns: string,
    call(args, { environment }) {
      const path = stringAt(args, 0)
      if (!/^~(\/|$)/.test(path)) return stringValue(path)
      const home = environment.env('HOME')
      if (home === undefined) throw functionFailure('The environment variable HOME, for "~", is not set.')
      return stringValue(trimmed(posix.join(home, path.slice(1))))
    },
  },
]

function basename(path: string): string {
  if (path === '') return '.'
  return posix.basename(path) || '/'
}

/** As Go has it: the part before the last slash, so `a/` is in `a`. */
function dirname(path: string): string {
  const end = path.lastIndexOf('/')
  return end < 0 ? '.' : trimmed(posix.normalize(path.slice(0, end + 1)))
}

function trimmed(path: string): string {
  return path.length > 1 ? path.replace(/\/$/, '') : path
}
