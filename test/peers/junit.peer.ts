import { join } from 'node:path'
import t, { type Test } from 'tap'
import { outcomeClasses } from '../../src/aws/probe-outcome.js'
import type { Probed } from '../../src/core/probed.js'
import { probeJunit } from '../../src/views/probe-junit.js'
import { run } from './programs.js'
import { peersPython } from './python.js'

/*
 * The JUnit reports, read by another parser and held against the schema of the format.
 */

// Python may have to be installed first.
t.setTimeout(240_000)
const python = await peersPython()
const skip = typeof python === 'string' && python

interface Read {
  readonly mistakes: readonly string[]
  readonly cases: readonly (readonly [
    name: string,
    children: readonly (readonly [tag: string, type: string | null, text: string | null])[],
  ])[]
}

async function validate(t: Test, reports: readonly string[]): Promise<readonly Read[]> {
  if (typeof python === 'string') throw new Error(python)
  const folder = t.testdir(Object.fromEntries(reports.map((text, i) => [`${i}.xml`, text])))
  const here = join(process.cwd(), 'test', 'peers')
  const files = reports.map((_, i) => join(folder, `${i}.xml`))
  const { code, stdout, stderr } = await run(python.program, [
    join(here, 'validate-xml.py'),
    join(here, 'junit.xsd'),
    ...files,
  ])
  if (code !== 0) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Read)
}

const nasty = 'a <b> & "c" ]]> \u001b[31m\u0000\r\n\t\ud800 é'
const access = (more: Partial<Probed>): Probed => ({
  address: 'outerproduct_s3_connector.lake["a"]',
  type: 'outerproduct_s3_connector',
  identity: 'arn:aws:iam::123456789012:role/r',
  place: 's3://data/in/',
  outcomes: [],
  milliseconds: 61_234,
  ...more,
})
const severities = ['error', 'warning', 'ok'] as const

t.test('a report of every outcome is of the form that CI systems read', { skip }, async (t) => {
  const accesses = [
    ...outcomeClasses.flatMap((name) =>
      severities.map((severity) =>
        access({ outcomes: [{ class: name, severity, text: nasty, remedy: nasty }] }),
      ),
    ),
    access({ skipped: nasty }),
    access({ outcomes: severities.map((severity) => ({ class: 'ok', severity, text: '' })) }),
    access({ address: nasty, outcomes: [{ class: 'ok', severity: 'ok', text: 'Fine.' }] }),
  ]
  const at = new Date('2026-01-02T03:04:05.678Z')
  const [all, none] = await validate(t, [probeJunit({ accesses }, at), probeJunit({ accesses: [] }, at)])
  t.strictSame(all?.mistakes, [])
  t.strictSame(none?.mistakes, [])
  t.equal(all?.cases.length, accesses.length)
  t.match(all?.cases[0], [
    /^outerproduct_s3_connector\.lake\["a"\]: arn/,
    [
      [
        'failure',
        'ok',
        'a <b> & "c" ]]> \ufffd[31m\ufffd\n\t\ufffd é\na <b> & "c" ]]> \ufffd[31m\ufffd\n\t\ufffd é',
      ],
    ],
  ])
})

t.test('a report that is not of that form is noticed', { skip }, async (t) => {
  const good = probeJunit(
    { accesses: [access({ outcomes: [{ class: 'throttled', severity: 'error', text: 'Slow.' }] })] },
    new Date(0),
  )
  const broken = [
    good.replace('<testcase name=', '<testcase nome='),
    good.replace('time="61.234"', 'time="61.2s"'),
    good.replace('<failure', '<failed').replace('</failure', '</failed'),
    good.replace('tests="1"', 'tests="one"'),
    good.replace('Slow.', 'Slow & late.'),
  ]
  for (const { mistakes } of await validate(t, broken)) t.not(mistakes.length, 0)
})
