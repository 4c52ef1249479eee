import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { error, Failure } from '../../core/diagnostic.js'
import { fileReason } from '../../core/file-error.js'

/** Writes a report to a file, seen from the folder of the configuration. */
export function writeReport(folder: string, flag: string, file: string, text: string): void {
  try {
    writeFileSync(resolve(folder, file), text)
  } catch (cause) {
    throw new Failure(
      error('commands/report-file', 'The report cannot be written', {
        detail: `${file}: ${fileReason(cause)}`,
        help: `Give ${flag} a path in a folder that exists and that you may write to.`,
      }),
      { cause },
    )
  }
}
