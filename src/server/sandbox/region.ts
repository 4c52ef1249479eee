/** How the regions of partitions begin; all others are of `aws`. */
const prefixes = {
  'cn-': 'aws-cn',
  'us-gov-': 'aws-us-gov',
  'eusc-': 'aws-eusc',
  'us-iso-': 'aws-iso',
  'us-isob-': 'aws-iso-b',
} as const

/** The partition that a region belongs to. */
export function partitionOfRegion(region: string): string {
  return Object.entries(prefixes).find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws'
}
