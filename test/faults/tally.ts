import type { Test } from 'tap'

/** What came of many runs that were killed. */
export interface Tally {
  /** Notes one of them: whether the signal met it before its end, and how many operations it left open. */
  add(killed: boolean, open: number): void
  /** Prints the counts, and asserts that the kills were where it matters. */
  close(t: Test, what: string): void
}

export function tally(): Tally {
  const runs: { readonly killed: boolean; readonly open: number }[] = []
  return {
    add: (killed, open) => void runs.push({ killed, open }),
    close(t, what) {
      const killed = runs.filter((run) => run.killed)
      const left = killed.filter((run) => run.open > 0)
      const operations = left.reduce((sum, run) => sum + run.open, 0)
      t.comment(
        `${what}: ${runs.length} runs, ${killed.length} killed before their end, ` +
          `${left.length} of them left open operations (${operations} in all)`,
      )
      t.ok(left.length >= runs.length / 3, 'at least a third of the runs left open operations')
    },
  }
}
