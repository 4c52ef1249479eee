import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { SavedPlan } from '../../app.js'
import { error, Failure } from '../../core/diagnostic.js'
import { fileReason } from '../../core/file-error.js'

/** Larger files are not plans: 20,000 changes take some 40 MB. */
const largest = 512 * 1024 * 1024

/** Writes a plan so that the file is either whole or not there, and only its owner can read it. */
export function writePlanFile(folder: string, file: string, saved: SavedPlan): void {
  const path = resolve(folder, file)
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.rolecall-plan`)
  try {
    writeFileSync(temporary, `${JSON.stringify(saved)}\n`, { mode: 0o600, flag: 'wx' })
    renameSync(temporary, path)
  } catch (cause) {
    rmSync(temporary, { force: true })
    throw new Failure(
      error('commands/plan-file', 'The plan cannot be saved', {
        detail: `${file}: ${fileReason(cause)}`,
        help: 'Give --out a path in a folder that exists and that you may write to.',
      }),
      { cause },
    )
  }
}

/** The plan in a file; whether it is a sound one is for the application to say. */
export async function readPlanFile(folder: string, file: string): Promise<SavedPlan> {
  let bytes: Buffer
  try {
    const { readRegularFile } = await import('../../app.js')
    bytes = readRegularFile(resolve(folder, file), largest)
  } catch (cause) {
    throw unusable(file, fileReason(cause), 'Give the file that "rolecall plan --out" has written.', cause)
  }
  if (bytes[0] === 0x50 && bytes[1] === 0x4b)
    throw unusable(
      file,
      'it is a zip file, as Terraform writes plans.',
      'Make the plan with "rolecall plan --out".',
    )
  try {
    const json: unknown = JSON.parse(bytes.toString('utf8'))
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as SavedPlan
  } catch {
    // Told below: what the parser says about a damaged file helps nobody.
  }
  throw unusable(file, 'it is not a saved plan.', 'Give the file that "rolecall plan --out" has written.')
}

function unusable(file: string, detail: string, help?: string, cause?: unknown): Failure {
  return new Failure(
    error('commands/plan-file', 'The plan file cannot be read', {
      detail: `${file}: ${detail}`,
      ...(help !== undefined && { help }),
    }),
    { cause },
  )
}
