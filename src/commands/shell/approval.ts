import { createInterface } from 'node:readline'
import type { Session } from './session.js'

/** What is asked before anything is changed. */
export interface Question {
  readonly title: string
  readonly lines: readonly string[]
}

export const applyQuestion: Question = {
  title: 'Do you want to perform these actions?',
  lines: ['Rolecall will perform the actions described above.', "Only 'yes' will be accepted to approve."],
}

export const destroyQuestion: Question = {
  title: 'Do you really want to destroy all resources?',
  lines: [
    'Rolecall will destroy all your managed infrastructure, as shown above.',
    "There is no undo. Only 'yes' will be accepted to confirm.",
  ],
}

/** Asks on the terminal. Only `yes` is a yes; the end of the input and an interrupt are a no. */
export async function approve(session: Session, { title, lines }: Question): Promise<boolean> {
  const { terminal, ambient } = session
  const style = terminal.outStyle
  session.out(`\n${style.bold(title)}\n${lines.map((line) => `  ${line}\n`).join('')}\n`)
  const reader = createInterface({
    input: terminal.stdin,
    output: terminal.screen,
    terminal: terminal.screen.isTTY === true,
  })
  try {
    return await new Promise<boolean>((resolve) => {
      const no = () => resolve(false)
      reader.once('close', no)
      reader.once('SIGINT', no)
      ambient.stop.addEventListener('abort', no, { once: true })
      reader.question(`  ${style.bold('Enter a value:')} `, (answer) => resolve(answer.trim() === 'yes'))
    })
  } finally {
    reader.close()
    session.out('\n')
  }
}
