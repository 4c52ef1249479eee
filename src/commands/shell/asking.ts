import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import type { AskedVariable } from '../../app.js'
import { escapeLine } from '../../views/escape.js'
import type { Terminal } from './terminal.js'

/**
 * Asks on the terminal for the value of a variable. Undefined: there is no answer, only the end of the input, or an interrupt. Asked
 * on stderr: the results may go into a file.
 */
export async function askForVariable(
  terminal: Terminal,
  { name, description, sensitive }: AskedVariable,
  stop: AbortSignal,
): Promise<string | undefined> {
  const style = terminal.errStyle
  const about = description?.split('\n').map((line) => `  ${escapeLine(line)}\n`) ?? []
  const hidden = sensitive ? ' (what you type is not shown)' : ''
  terminal.err(`${style.bold(`var.${name}`)}\n${about.join('')}\n`)
  const prompt = `  ${style.bold('Enter a value:')}${hidden} `
  const reader = createInterface({
    input: terminal.stdin,
    // The reader shows what is typed by writing it: to nowhere.
    output: sensitive ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr,
    terminal: true,
    historySize: 0,
  })
  // By now the terminal shows nothing by itself.
  if (sensitive) terminal.err(prompt)
  try {
    return await new Promise<string | undefined>((resolve) => {
      const none = () => resolve(undefined)
      reader.once('close', none)
      reader.once('SIGINT', none)
      stop.addEventListener('abort', none, { once: true })
      reader.question(sensitive ? '' : prompt, resolve)
    })
  } finally {
    reader.close()
    terminal.err(sensitive ? '\n\n' : '\n')
  }
}
