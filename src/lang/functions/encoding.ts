import { gzipSync } from 'node:zlib'
import { dynamic, string } from '../../core/type.js'
import { stringValue, type Value } from '../../core/value.js'
import { escapeForHtml, fromJsonText, toJsonText } from '../json-text.js'
import { stringAt, text } from './argument.js'
import { decodeText, encodeText } from './charset.js'
import { fromCsv } from './csv.js'
import { ArgumentError, functionFailure, type LanguageFunction } from './function.js'
import { fromYaml } from './yaml-decode.js'
import { toYaml } from './yaml-encode.js'

const value = { name: 'val', type: dynamic, null: true } as const

export const encodingFunctions: readonly LanguageFunction[] = [
  {
    name: 'jsonencode',
    doc: 'The value as JSON text.',
    parameters: [value],
    returns: string,
    call: ([val]) => stringValue(escapeForHtml(toJsonText(val as Value))),
  },
  {
    name: 'jsondecode',
    doc: 'The value that JSON text stands for.',
    parameters: [text('str')],
    returns: dynamic,
    call: (args) => fromJsonText(stringAt(args, 0)),
  },
  {
    name: 'yamlencode',
    doc: 'The value as YAML text.',
    parameters: [value],
    returns: string,
    call: ([val]) => stringValue(toYaml(val as Value)),
  },
  {
    name: 'yamldecode',
    doc: 'The value that a YAML document stands for.',
    parameters: [text('src')],
    returns: dynamic,
    call: (args) => fromYaml(stringAt(args, 0)),
  },
  {
    name: 'csvdecode',
    doc: 'The lines of CSV text as a list of objects, with attributes named by its first line.',
    parameters: [text('str')],
    returns: dynamic,
    call: (args) => fromCsv(stringAt(args, 0)),
  },
  {
    name: 'base64encode',
    doc: 'The UTF-8 bytes of a string in Base64.',
    parameters: [text('str')],
    returns: string,
    call: (args) => stringValue(Buffer.from(stringAt(args, 0)).toString('base64')),
  },
  {
    name: 'base64decode',
    doc: 'The text whose UTF-8 bytes are given in Base64.',
    parameters: [text('str')],
    returns: string,
    call(args) {
      try {
        return stringValue(
          new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fromBase64(args, 0)),
        )
      } catch (cause) {
        if (cause instanceof ArgumentError) throw cause
        throw functionFailure('The bytes are no UTF-8 text.', 'For other encodings use textdecodebase64().')
      }
    },
  },
  {
    name: 'base64gzip',
    doc: 'The string, compressed with gzip, in Base64.',
    parameters: [text('str')],
    returns: string,
    call: (args) => stringValue(gzipSync(stringAt(args, 0)).toString('base64')),
  },
  {
    name: 'textencodebase64',
    doc: 'The bytes of a string in a character encoding, in Base64.',
    parameters: [text('string'), text('encoding')],
    returns: string,
    call: (args) => stringValue(encodeText(stringAt(args, 0), stringAt(args, 1)).toString('base64')),
  },
  {
    name: 'textdecodebase64',
    doc: 'The text whose bytes in a character encoding are given in Base64.',
    parameters: [text('source'), text('encoding')],
    returns: string,
    call: (args) => stringValue(decodeText(fromBase64(args, 0), stringAt(args, 1))),
  },
  {
    name: 'urlencode',
    doc: 'The string as part of a URL query.',
    parameters: [text('str')],
    returns: string,
    call: (args) => stringValue(urlEncode(stringAt(args, 0))),
  },
]

function fromBase64(args: readonly Value[], index: number): Buffer {
  const digits = stringAt(args, index).replace(/[\r\n]/g, '')
  if (digits.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(digits)) {
    throw new ArgumentError(index, 'this is not Base64')
  }
  return Buffer.from(digits, 'base64')
}

function urlEncode(s: string): string {
  return encodeURIComponent(Buffer.from(s).toString())
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}
