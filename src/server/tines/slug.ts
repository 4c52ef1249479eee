/** What stories call a credential: its name in lower case, with underscores for all that is neither letter nor digit. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, '_')
    .replace(/^_+|_+$/g, '')
}
