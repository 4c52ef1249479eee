#!/usr/bin/env node
// Shows the main job from end to end, with nothing but this package: plan, apply, no changes, drift, repair, destroy; then all
// systems at once, with their accesses tried.
// Everything happens in a temporary folder and on a control plane that listens on this machine for as long as this runs.
import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('./rolecall.js', import.meta.url))
const examples = fileURLToPath(new URL('../examples', import.meta.url))
let folder = await mkdtemp(join(tmpdir(), 'rolecall-quickstart-'))
const folders = [folder]
const log = []

function say(text) {
  process.stdout.write(
    `\n\u001b[1m==> ${text}\u001b[0m\n`.replaceAll(process.stdout.isTTY ? '' : /\u001b\[\d+m/g, ''),
  )
}

/** Runs one command as a user would, and checks how it ends. */
async function rolecall(args, { expect = 0, env = {}, show } = {}) {
  process.stdout.write(`\n$ rolecall ${args.join(' ')}\n`)
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    stdio: ['ignore', show === undefined ? 'inherit' : 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  let text = ''
  child.stdout?.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (code !== expect)
    throw new Error(`"rolecall ${args[0]}" ended with exit code ${code} instead of ${expect}`)
  if (show !== undefined) process.stdout.write(`${show(text)}\n`)
}

/** Starts the control plane on a free port, and collects its access log. */
async function startServer() {
  const child = spawn(
    process.execPath,
    [program, 'serve', '--listen', '127.0.0.1:0', '--database', 'plane.db'],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  child.stderr.setEncoding('utf8')
  const url = await new Promise((resolve, reject) => {
    let words = ''
    const look = (line) => {
      words += `${line}\n`
      const found = /https?:\/\/\S+/.exec(line)
      if (found !== null) resolve(found[0].replace(/[.,]$/, ''))
    }
    createInterface({ input: child.stdout }).on('line', look)
    createInterface({ input: child.stderr }).on('line', (line) => {
      log.push(line)
      look(line)
    })
    child.once('error', reject)
    child.once('close', (code) =>
      reject(new Error(`the control plane ended with exit code ${code}:\n${words}`)),
    )
  })
  return { url, stop: () => new Promise((resolve) => child.once('close', resolve) && child.kill('SIGTERM')) }
}

/** Waits for the line of a request to come through, and returns how many there are by then. */
async function logHas(method) {
  while (!log.some((line) => line.includes(method))) await new Promise((resolve) => setTimeout(resolve, 10))
  return log.length
}

async function request(url, method, path, body) {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: HTTP ${response.status} ${await response.text()}`)
  return response.json()
}

await cp(join(examples, 'quickstart'), folder, { recursive: true })
const server = await startServer()
const env = { ROLECALL_VAR_endpoint: server.url }
try {
  say('What the files declare, and nothing is there yet: a plan')
  await rolecall(['plan'], { env })

  say('Make it so')
  await rolecall(['apply', '--auto-approve'], { env })

  say('A second plan finds nothing to do')
  await rolecall(['plan', '--detailed-exitcode'], { env })

  say('Somebody changes a configuration by hand, through the HTTP API')
  const { data } = await request(server.url, 'GET', '/v4/awsConfigs?limit=1')
  await request(server.url, 'PUT', `/v4/awsConfigs/${data[0].id}`, { defaultBucket: 'somebody-elses-bucket' })
  process.stdout.write(`PUT /v4/awsConfigs/${data[0].id} {"defaultBucket": "somebody-elses-bucket"}\n`)

  say('The nightly job finds it (exit code 2), and writes nothing')
  const before = await logHas('PUT')
  await rolecall(['drift'], { env, expect: 2 })
  const methods = log
    .slice(before)
    .flatMap((line) => /\b(GET|HEAD|POST|PUT|PATCH|DELETE)\b/.exec(line)?.[0] ?? [])
  const writes = methods.filter((method) => method !== 'GET' && method !== 'HEAD').length
  process.stdout.write(
    `\nThe control plane's log of that: ${methods.length - writes} reads, ${writes} writes.\n`,
  )
  if (methods.length < 2 || writes > 0) throw new Error('drift must read, and must not write')

  say('Repair it')
  await rolecall(['apply', '--auto-approve'], { env })
  await rolecall(['plan', '--detailed-exitcode'], { env })

  say('Take it all away again')
  await rolecall(['destroy', '--auto-approve'], { env })

  say('A whole company: people, Vault, Tines and OuterProduct in one configuration, over an AWS in a file')
  folder = await mkdtemp(join(tmpdir(), 'rolecall-quickstart-'))
  folders.push(folder)
  await cp(join(examples, 'company'), folder, { recursive: true })
  await rolecall(['apply', '--auto-approve'])

  say('Does each access really work?')
  await rolecall(['probe', '--untrusted-ok'])

  say(
    'A connector whose bucket belongs to somebody else: its plan fails in review, and not when it is applied',
  )
  await rolecall(['plan', '--probe', '--confirm-owner', '--var', 'broken=true'], { expect: 1 })

  say('Who reaches the finance data, and by which way?')
  await rolecall(['access', '--bucket', 'acme-finance'])

  say('Credentials for an hour, as CI would take them (only when they end is shown here)')
  await rolecall(['creds', 'vault_aws_role.ci["report"]'], { show: (text) => JSON.parse(text).Expiration })

  say('And nothing is left to do')
  await rolecall(['plan', '--detailed-exitcode'])

  say('Done. The files are in examples/quickstart and examples/company; "rolecall init" starts your own.')
} finally {
  await server.stop()
  for (const one of folders) await rm(one, { recursive: true, force: true })
}
