import t from 'tap'
import { junitXml } from '../../src/views/junit.js'

t.test('a report is one suite, and escapes what XML does not hold', async (t) => {
  const xml = junitXml({ name: 'a "suite" & more', at: new Date('2026-01-02T03:04:05.678Z') }, [
    { name: 'fine', group: 'g', milliseconds: 1500 },
    {
      name: "it's <bad>",
      group: 'g',
      milliseconds: 20,
      failure: { type: 'denied', message: 'two\nlines\u0007', text: 'a & b\r\n\u0000]]>\ud800' },
      output: 'said <this>',
    },
    { name: 'not run', group: 'h', milliseconds: 0, skipped: 'known only after "apply"' },
  ])
  t.equal(
    xml,
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="a &quot;suite&quot; &amp; more" tests="3" failures="1" errors="0" time="1.520">
  <testsuite name="a &quot;suite&quot; &amp; more" tests="3" failures="1" errors="0" skipped="1" time="1.520" timestamp="2026-01-02T03:04:05">
    <testcase name="fine" classname="g" time="1.500"/>
    <testcase name="it&apos;s &lt;bad&gt;" classname="g" time="0.020">
      <failure message="two&#10;lines\ufffd" type="denied">a &amp; b
\ufffd]]&gt;\ufffd</failure>
      <system-out>said &lt;this&gt;</system-out>
    </testcase>
    <testcase name="not run" classname="h" time="0.000">
      <skipped message="known only after &quot;apply&quot;"/>
    </testcase>
  </testsuite>
</testsuites>
`,
  )
})
