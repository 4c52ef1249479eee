/** A requirement on this tool's version, such as `>= 0.1, < 2`: is it met, or what is wrong with it? */
export type Requirement =
  | { readonly kind: 'met' }
  | { readonly kind: 'unmet' }
  | { readonly kind: 'invalid'; readonly part: string }

const form = /^(=|!=|>|>=|<|<=|~>)?\s*v?([0-9]{1,9}(?:\.[0-9]{1,9}){0,2})(?:-([0-9A-Za-z.-]+))?$/
const versionForm = /^v?([0-9]+)\.([0-9]+)\.([0-9]+)(?:-([0-9A-Za-z.-]+))?/

interface Version {
  readonly numbers: readonly number[]
  readonly prerelease: string | undefined
}

/** Terraform's operators. `~> 1.2` lets the last number that is written grow. */
export function checkVersion(requirement: string, version: string): Requirement {
  const match = versionForm.exec(version)
  if (match === null) throw new Error(`"${version}" is not a version`)
  const own: Version = { numbers: match.slice(1, 4).map(Number), prerelease: match[4] }
  let met = true
  for (const part of requirement.split(',')) {
    const found = form.exec(part.trim())
    if (found === null) return { kind: 'invalid', part: part.trim() }
    const wanted: Version = { numbers: (found[2] as string).split('.').map(Number), prerelease: found[3] }
    met &&= meets(own, found[1] ?? '=', wanted)
  }
  return { kind: met ? 'met' : 'unmet' }
}

function meets(own: Version, operator: string, wanted: Version): boolean {
  const order = compare(own, wanted)
  switch (operator) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    default:
      return order >= 0 && wanted.numbers.slice(0, -1).every((n, i) => own.numbers[i] === n)
  }
}

function compare(a: Version, b: Version): number {
  for (let i = 0; i < 3; i++) {
    const difference = (a.numbers[i] ?? 0) - (b.numbers[i] ?? 0)
    if (difference !== 0) return difference
  }
  // A pre-release comes before its release.
  if (a.prerelease === b.prerelease) return 0
  if (a.prerelease === undefined) return 1
  if (b.prerelease === undefined) return -1
  return a.prerelease < b.prerelease ? -1 : 1
}
