/** One case of a report in the form of JUnit, which CI systems show. */
export interface JunitCase {
  readonly name: string
  /** What it belongs to: shown as a group. */
  readonly group: string
  readonly milliseconds: number
  readonly failure?: { readonly type: string; readonly message: string; readonly text: string }
  /** Why it was not run. */
  readonly skipped?: string
  /** What else is to be said. */
  readonly output?: string
}

/**
 * A report as XML, by the schema that Jenkins publishes and others follow: one suite; times in seconds.
 */
export function junitXml(
  suite: { readonly name: string; readonly at: Date },
  cases: readonly JunitCase[],
): string {
  const seconds = (milliseconds: number) => (milliseconds / 1000).toFixed(3)
  const counts = {
    tests: String(cases.length),
    failures: String(cases.filter(({ failure }) => failure !== undefined).length),
    errors: '0',
    skipped: String(cases.filter(({ skipped }) => skipped !== undefined).length),
    time: seconds(cases.reduce((sum, one) => sum + one.milliseconds, 0)),
  }
  const { skipped: _, ...total } = counts
  const timestamp = suite.at.toISOString().slice(0, 19)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: suite.name, ...total })}>`,
    `  <testsuite${attributes({ name: suite.name, ...counts, timestamp })}>`,
    ...cases.map((one) => caseXml(one, seconds(one.milliseconds))),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function caseXml({ name, group, failure, skipped, output }: JunitCase, time: string): string {
  const start = `    <testcase${attributes({ name, classname: group, time })}`
  const inside: string[] = []
  if (skipped !== undefined) inside.push(`      <skipped${attributes({ message: skipped })}/>`)
  if (failure !== undefined) {
    const { message, type, text } = failure
    inside.push(`      <failure${attributes({ message, type })}>${escapeXml(text)}</failure>`)
  }
  if (output !== undefined) inside.push(`      <system-out>${escapeXml(output)}</system-out>`)
  return inside.length === 0 ? `${start}/>` : [`${start}>`, ...inside, '    </testcase>'].join('\n')
}

function attributes(values: Readonly<Record<string, string>>): string {
  // A line break in an attribute is read as a space.
  return Object.entries(values)
    .map(
      ([name, value]) => ` ${name}="${escapeXml(value).replaceAll('\n', '&#10;').replaceAll('\t', '&#9;')}"`,
    )
    .join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** What XML 1.0 cannot hold, not even escaped. */
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu

function escapeXml(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .replace(impossible, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character)
}
