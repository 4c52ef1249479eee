import { posix } from 'node:path'
import type { FolderListing, FunctionEnvironment } from '../../core/configuration.js'
import { compareCodePoints, set, string } from '../../core/type.js'
import { setValueOf, stringValue } from '../../core/value.js'
import { PatternError, type PatternPart, parsePattern } from '../glob.js'
import { stringAt, text } from './argument.js'
import { ArgumentError, functionFailure, type LanguageFunction } from './function.js'

/** So many names are looked at, and so many folders deep: far more than a configuration has files. */
const mostNames = 100_000
const deepest = 100

export const fileset: LanguageFunction = {
  name: 'fileset',
  doc: 'The files under a folder whose paths match a pattern: `*` and `?` within a name, `**` for folders, `[a-z]`, `{a,b}`.',
  parameters: [text('path'), text('pattern')],
  returns: set(string),
  call(args, { environment, spend }) {
    const folder = stringAt(args, 0)
    const found = new Set<string>()
    const search: Search = { environment, found, names: 0, spend }
    look(search, { path: folder, shown: '', links: [] }, parse(stringAt(args, 1)))
    const paths = [...found].sort(compareCodePoints)
    return setValueOf(
      string,
      paths.map((path) => stringValue(path)),
    )
  },
}

interface Search {
  readonly environment: FunctionEnvironment
  readonly found: Set<string>
  /** How many were looked at. */
  names: number
  spend(steps: number): void
}

interface Place {
  readonly path: string
  /** The path from the folder that is searched. */
  readonly shown: string
  /** The real paths of the folders that `**` has gone through: a link back to one of them is not followed. */
  readonly links: readonly string[]
}

function parse(pattern: string): readonly PatternPart[] {
  try {
    return parsePattern(pattern)
  } catch (problem) {
    if (problem instanceof PatternError) throw new ArgumentError(1, problem.message)
    throw problem
  }
}

function look(search: Search, place: Place, parts: readonly PatternPart[]): void {
  const [part, ...rest] = parts
  if (part === undefined) return
  if (part.kind === 'name' && part.name === '..' && rest.length > 0) {
    look(search, inside(place, '..'), rest)
    return
  }
  const listing = search.environment.listFolder(place.path)
  if (listing === undefined) return
  count(search, listing)
  if (part.kind === 'deep') {
    lookDeep(search, place, listing, rest)
    return
  }
  for (const { name, kind } of listing.entries) {
    if (part.kind === 'name' ? part.name !== name : !part.matches(name)) continue
    if (rest.length > 0) {
      if (kind === 'folder') look(search, inside(place, name), rest)
    } else take(search, inside(place, name), kind)
  }
}

function lookDeep(search: Search, place: Place, listing: FolderListing, rest: readonly PatternPart[]): void {
  if (place.links.includes(listing.real)) return
  if (place.links.length >= deepest)
    throw functionFailure(`The folders are nested more than ${deepest} deep.`)
  const links = [...place.links, listing.real]
  if (rest.length > 0) look(search, place, rest)
  for (const { name, kind } of listing.entries) {
    const inner = { ...inside(place, name), links }
    if (kind === 'folder') {
      const folder = search.environment.listFolder(inner.path)
      if (folder === undefined) continue
      count(search, folder)
      lookDeep(search, inner, folder, rest)
    } else if (rest.length === 0) take(search, inner, kind)
  }
}

function take({ found }: Search, { shown }: Place, kind: FolderListing['entries'][number]['kind']): void {
  if (kind === 'file') found.add(shown)
  else if (kind === 'nothing')
    throw functionFailure(`${JSON.stringify(shown)} is a link that leads to nothing.`, 'Remove or repair it.')
}

function inside({ path, shown, links }: Place, name: string): Place {
  return { path: posix.join(path, name), shown: posix.join(shown, name), links }
}

function count(search: Search, { entries }: FolderListing): void {
  search.spend(entries.length)
  search.names += entries.length
  if (search.names > mostNames)
    throw functionFailure(
      `There are more than ${mostNames} files and folders to look at.`,
      'Name a folder further down, or a pattern without "**".',
    )
}
