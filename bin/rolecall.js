#!/usr/bin/env node
import { readFileSync } from 'node:fs'

const argv = process.argv.slice(2)
const [first] = argv

// The version is asked for by every CI job: it does not wait for the command line parser to be loaded.
if (argv.length === 1 && (first === 'version' || first === '--version' || first === '-version')) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  process.stdout.write(`Rolecall v${version}\non ${process.platform}_${process.arch}\n`)
} else {
  const { main } = await import('../dist/src/commands/shell/main.js')
  // Whatever is still open by then (an idle connection) does not keep the process alive.
  process.exit(await main(argv))
}
