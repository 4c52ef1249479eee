import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'

/**
 * Compares a text that people read with `test/golden/<name>`. `GOLDEN=write` writes the file instead: look at the difference
 * before committing it.
 */
export function golden(t: Test, name: string, text: string): void {
  const path = join(process.cwd(), 'test', 'golden', name)
  if (process.env.GOLDEN === 'write') {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  t.equal(text, readFileSync(path, 'utf8'), `as in test/golden/${name}`)
}
