import { object, string } from '../../core/type.js'
import { listValue, objectValue, stringValue, type Value } from '../../core/value.js'
import { functionFailure } from './function.js'

/** CSV as RFC 4180 has it: a list of objects, one per line, with attributes named by the first line. */
export function fromCsv(text: string): Value {
  const [header, ...records] = readRecords(text)
  if (header === undefined) throw functionFailure('The text has no first line, which names the columns.')
  const names = header.fields
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) < i) throw functionFailure(`Two columns are named ${JSON.stringify(name)}.`)
  }
  const rows = records.map(({ line, fields }) => {
    if (fields.length !== names.length) {
      throw functionFailure(
        `Line ${line} has ${fields.length} fields, but there are ${names.length} columns.`,
      )
    }
    return objectValue(names.map((name, i) => [name.normalize('NFC'), stringValue(fields[i] ?? '')] as const))
  })
  return listValue(object(names.map((name) => [name.normalize('NFC'), string] as const)), rows)
}

interface CsvRecord {
  /** The line where it starts, from 1. */
  readonly line: number
  readonly fields: readonly string[]
}

/** One field and what ends it: a quoted one with doubled quotes inside, or a plain one. */
const field = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/y

function readRecords(text: string): CsvRecord[] {
  const records: CsvRecord[] = []
  let fields: string[] = []
  let line = 1
  let start = 1
  let at = 0
  while (at < text.length || fields.length > 0) {
    field.lastIndex = at
    const found = field.exec(text)
    const [whole = '', quoted, plain = '', end = ''] = found ?? []
    if (found === null || plain.includes('"')) {
      throw functionFailure(
        `Line ${line}: a quotation mark stands inside a field, or its pair is missing.`,
        'Put the whole field in quotation marks and double those inside it.',
      )
    }
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"').replaceAll('\r\n', '\n'))
    at += whole.length
    line += whole.split('\n').length - 1
    if (end === ',') continue
    // An empty line is no record.
    if (fields.length > 1 || quoted !== undefined || plain !== '') records.push({ line: start, fields })
    fields = []
    start = line
  }
  return records
}
