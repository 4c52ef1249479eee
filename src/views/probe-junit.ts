import type { Probed, ProbeResult } from '../core/probed.js'
import { type JunitCase, junitXml } from './junit.js'
import { caveatOf } from './probe-text.js'

/** What probing found, one case for each access. A warning is no failure. */
export function probeJunit(result: ProbeResult, at: Date): string {
  const { accesses } = result
  return junitXml(
    { name: 'rolecall probe', at },
    accesses.map((one) => caseOf(one, caveatOf({ ...result, accesses: [one] }))),
  )
}

function caseOf(
  { address, type, identity, place, outcomes, skipped, milliseconds }: Probed,
  caveat: string,
): JunitCase {
  const [failed] = outcomes.filter(({ severity }) => severity === 'error')
  const rest = outcomes.filter((one) => one !== failed)
  const way = [identity, place].filter((part) => part !== undefined).join(' -> ')
  const said = rest.map(({ class: name, text, remedy }) => [`${name}: ${text}`, remedy].join('\n').trimEnd())
  const output = [...said, ...(caveat === '' ? [] : [caveat])].join('\n')
  return {
    name: way === '' ? address : `${address}: ${way}`,
    group: type,
    milliseconds,
    ...(failed !== undefined && {
      failure: {
        type: failed.class,
        message: failed.text,
        text: [failed.text, failed.remedy].filter((part) => part !== undefined).join('\n'),
      },
    }),
    ...(skipped !== undefined && { skipped }),
    ...(output !== '' && { output }),
  }
}
