// Writes oclif.manifest.json: what all commands are called and which flags they take, so that starting one command does not
// load all others. Run after compiling.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Plugin } from '@oclif/core/config'

const root = fileURLToPath(new URL('..', import.meta.url))
const plugin = new Plugin({ root, type: 'core', ignoreManifest: true, errorOnManifestCreate: true })
await plugin.load()
const { commands, version } = plugin.manifest
const sorted = Object.fromEntries(Object.entries(commands).sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(
  `${root}/oclif.manifest.json`,
  `${JSON.stringify({ commands: sorted, version }, undefined, 2)}\n`,
)
