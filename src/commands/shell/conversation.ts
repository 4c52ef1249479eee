import { createInterface, type Interface } from 'node:readline'
import type { Console } from '../../app.js'
import { jsonText, writableValue } from '../../views/json-text.js'
import { valueText } from '../../views/value.js'
import { isOpen } from './open-expression.js'
import type { Session } from './session.js'

/** An expression of more lines than this is a forgotten bracket. */
const mostLines = 10_000

/**
 * Reads expressions and prints their values until the input ends or says `exit`. On a terminal a mistake is told and the
 * conversation goes on; otherwise the first mistake ends it with 1.
 */
export async function converse(session: Session, console: Console): Promise<number> {
  const asking = session.interactive && !session.json
  const reader = createInterface({
    input: session.terminal.stdin,
    ...(asking && { output: session.terminal.screen, terminal: session.terminal.screen.isTTY === true }),
  })
  session.ambient.stop.addEventListener('abort', () => reader.close(), { once: true })
  if (asking) prompt(reader, false)
  let lines: string[] = []
  for await (const line of reader) {
    lines.push(line)
    const text = lines.join('\n')
    if (lines.length < mostLines && isOpen(text)) {
      if (asking) prompt(reader, true)
      continue
    }
    lines = []
    if (text.trim() === 'exit') break
    if (!evaluate(session, console, text) && !asking) return 1
    if (asking) prompt(reader, false)
  }
  // The input ended inside an expression: the parser says where it is open.
  return lines.length > 0 && !evaluate(session, console, lines.join('\n')) ? 1 : 0
}

function prompt(reader: Interface, open: boolean): void {
  reader.setPrompt(open ? '… ' : '> ')
  reader.prompt()
}

function evaluate(session: Session, console: Console, text: string): boolean {
  if (text.trim() === '') return true
  // The closing marker of a heredoc ends with its line.
  const result = console.evaluate(`${text}\n`)
  if ('diagnostics' in result) {
    session.tell(result.diagnostics, result.sources)
    return false
  }
  const { value } = result
  session.out(session.json ? `${jsonText(writableValue(value))}\n` : `${valueText(value)}\n`)
  return true
}
