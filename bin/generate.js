#!/usr/bin/env node
// Writes docs/reference/ from the declarations that the program itself uses: schemas, functions and commands.
// With --check it writes nothing and fails if a file is not current. Needs a build.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Config } from '@oclif/core'
import { loadProviderSchemas } from '../dist/src/app.js'
import { formatType } from '../dist/src/core/type.js'
import { functions } from '../dist/src/lang/functions/registry.js'

const root = new URL('../', import.meta.url)
const note = '<!-- Made by "npm run generate"; do not edit. -->\n'

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

function flagsOf(attribute) {
  const words = []
  if (attribute.required) words.push('required')
  if (attribute.readOnly)
    words.push(attribute.volatile ? 'set by the service, changes by itself' : 'set by the service')
  if (attribute.key) words.push('part of the natural key')
  if (attribute.immutable) words.push('a change replaces')
  if (attribute.computed) words.push('the service chooses when absent')
  if (attribute.sensitive) words.push('secret')
  if (attribute.writeOnly) words.push('never read back')
  if (attribute.local) words.push('for Rolecall itself, never sent')
  if (attribute.default !== undefined) words.push(`default \`${JSON.stringify(attribute.default)}\``)
  if (attribute.enum !== undefined)
    words.push(`one of ${attribute.enum.map((v) => `\`${JSON.stringify(v)}\``).join(', ')}`)
  return words.join('; ')
}

function tableOf(attributes) {
  const rows = attributes.map(
    (a) => `| \`${a.name}\` | ${formatType(a.type)} | ${cell(flagsOf(a))} | ${cell(a.description)} |`,
  )
  return ['| attribute | type | | |', '| --- | --- | --- | --- |', ...rows, ''].join('\n')
}

function ruleOf(rule) {
  const names = (list) => list.map((name) => `\`${name}\``).join(', ')
  if (rule.message !== undefined) return `- ${rule.message}`
  switch (rule.kind) {
    case 'exactly-one':
      return `- Exactly one of ${names(rule.attributes)}.`
    case 'at-most-one':
      return `- At most one of ${names(rule.attributes)}.`
    case 'requires':
      return `- \`${rule.attribute}\` needs ${names(rule.required)}.`
    case 'when': {
      const parts = []
      if (rule.required.length > 0) parts.push(`${names(rule.required)} must be there`)
      if (rule.anyOf.length > 0) parts.push(`one of ${names(rule.anyOf)} must be there`)
      if (rule.forbidden.length > 0) parts.push(`${names(rule.forbidden)} must not be there`)
      return `- When \`${rule.attribute}\` is \`${JSON.stringify(rule.equals)}\`: ${parts.join('; ')}.`
    }
  }
}

function schemaSection(schema, level) {
  const attributes = [...schema.attributes.values()]
  const settable = attributes.filter((a) => !a.readOnly)
  const set = attributes.filter((a) => a.readOnly)
  const parts = [`${'#'.repeat(level)} \`${schema.type}\``, schema.description]
  if (settable.length > 0) parts.push(tableOf(settable))
  if (schema.rules.length > 0) parts.push(schema.rules.map(ruleOf).join('\n'))
  if (set.length > 0) parts.push(schema.kind === 'data' ? 'Gives:' : 'Also gives:', tableOf(set))
  return parts.join('\n\n')
}

function providerPage(name, { provider, resources, data }) {
  return [
    note,
    `# Provider \`${name}\`\n`,
    `${provider.description}\n`,
    tableOf([...provider.attributes.values()]),
    provider.rules.map(ruleOf).join('\n'),
    '\n## Resources\n',
    resources.map((schema) => schemaSection(schema, 3)).join('\n\n'),
    '\n## Data sources\n',
    data.map((schema) => schemaSection(schema, 3)).join('\n\n'),
  ].join('\n')
}

function functionsPage() {
  const rows = [...functions.values()].map((f) => {
    const parameters = f.parameters.map((p) => (p.optional ? `[${p.name}]` : p.name))
    if (f.rest !== undefined) parameters.push(`${f.rest.name}…`)
    return `| \`${f.name}(${parameters.join(', ')})\` | ${cell(f.doc)} |`
  })
  return [note, '# Functions\n', '| function | |', '| --- | --- |', ...rows, ''].join('\n')
}

async function commandsPage() {
  const config = await Config.load({ root: fileURLToPath(root) })
  const commands = config.commands.filter((c) => !c.hidden).toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const sections = commands.map((command) => {
    const name = command.id.replaceAll(':', ' ')
    const args = Object.values(command.args).map((a) =>
      a.required ? a.name.toUpperCase() : `[${a.name.toUpperCase()}]`,
    )
    const flags = Object.values(command.flags)
      .filter((f) => !f.hidden)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(
        (f) =>
          `| \`${f.type === 'option' ? `--${f.name}=${f.helpValue ?? 'VALUE'}` : `--${f.allowNo ? '[no-]' : ''}${f.name}`}\` | ${cell(f.summary ?? f.description ?? '')} |`,
      )
    return [
      `## \`rolecall ${[name, ...args].join(' ')}\``,
      [command.summary, command.description].filter(Boolean).join('\n\n'),
      flags.length === 0 ? '' : ['| flag | |', '| --- | --- |', ...flags].join('\n'),
    ]
      .filter((part) => part !== '')
      .join('\n\n')
  })
  return [note, '# Commands\n', sections.join('\n\n'), ''].join('\n')
}

const files = new Map([
  ['functions.md', functionsPage()],
  ['commands.md', await commandsPage()],
])
for (const [name, schemas] of await loadProviderSchemas())
  files.set(`${name}.md`, providerPage(name, schemas))

const folder = new URL('docs/reference/', root)
const check = process.argv.includes('--check')
if (!check) mkdirSync(folder, { recursive: true })
let stale = 0
for (const [name, made] of files) {
  const text = `${made.replaceAll(/\n{3,}/g, '\n\n').trimEnd()}\n`
  const file = new URL(name, folder)
  if (!check) writeFileSync(file, text)
  else if (read(file) !== text) {
    stale++
    console.error(`docs/reference/${name} is not current: run "npm run generate"`)
  }
}
process.exitCode = stale === 0 ? 0 : 1

function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
