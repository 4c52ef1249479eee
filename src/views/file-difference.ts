import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import { escapeLine } from './escape.js'
import type { Style } from './style.js'

/** What changes in a file, as a unified diff. */
export function fileDifference(file: string, before: string, after: string, style: Style): string {
  const patch = createTwoFilesPatch(`old/${file}`, `new/${file}`, before, after, undefined, undefined, {
    context: 3,
    headerOptions: FILE_HEADERS_ONLY,
  })
  const lines = patch.split('\n').map((line) => {
    const text = escapeLine(line)
    if (text.startsWith('+') && !text.startsWith('+++')) return style.green(text)
    return text.startsWith('-') && !text.startsWith('---') ? style.red(text) : text
  })
  return lines.join('\n')
}
