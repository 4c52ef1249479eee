/** IAM tells whole seconds. */
export function iamTime(iso: string): string {
  return `${iso.slice(0, 19)}Z`
}
