/**
 * The candidate that was probably meant: at most a third of the letters differ, and a change of case or of `-` and `_` counts
 * half. Undefined if none is that near. Long names are left alone: nobody mistypes them, and comparing costs their product.
 */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > longest) return undefined
  let best: string | undefined
  let bestDistance = (name.length < 3 ? 0.5 : Math.max(1, Math.floor(name.length / 3))) + 0.25
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > bestDistance) continue
    const distance = editDistance(name, candidate)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

const longest = 64

/** Insertions, deletions, replacements, and swaps of neighbours, that lead from one name to the other. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + difference(a.charAt(i - 1), b.charAt(j - 1))
      let distance = Math.min((previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1, replaced)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) distance = Math.min(distance, (beforePrevious[j - 2] ?? 0) + 1)
      current.push(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.length] ?? 0
}

function difference(a: string, b: string): number {
  if (a === b) return 0
  return a.toLowerCase() === b.toLowerCase() || (/[-_]/.test(a) && /[-_]/.test(b)) ? 0.5 : 1
}

/** A help sentence for `nearest`: `Did you mean "x"?`, or undefined. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const meant = nearest(name, candidates)
  return meant === undefined ? undefined : `Did you mean ${JSON.stringify(meant)}?`
}
