import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'

const module = pathToFileURL(join(process.cwd(), 'dist', 'src', 'commands', 'shell', 'interrupt.js')).href

const program = `
  import { onInterrupt } from ${JSON.stringify(module)}
  onInterrupt({ first: () => console.log('first'), second: () => console.log('second') })
  setInterval(() => {}, 1000)
  console.log('ready')
`

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  t.test(`the first ${signal} asks to stop, the second ends the process at once with 1`, async (t) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', program])
    const said: string[] = []
    for (const word of ['ready', 'first', 'second']) {
      if (said.length > 0) child.kill(signal)
      const [text] = (await once(child.stdout, 'data')) as [Buffer]
      said.push(text.toString().trim())
      t.equal(said.at(-1), word)
    }
    const [code] = child.exitCode === null ? ((await once(child, 'exit')) as [number]) : [child.exitCode]
    t.equal(code, 1)
  })
