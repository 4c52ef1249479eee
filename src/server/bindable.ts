/**
 * What every database takes as the value of a parameter, and keeps as it is. Anything else is a mistake of ours: libsql ends
 * the whole process when it is handed a boolean, and PostgreSQL makes a text of an object.
 */
export function bindable(parameters: readonly unknown[]): unknown[] {
  for (const parameter of parameters) {
    const kind = typeof parameter
    const known = parameter === null || kind === 'string' || kind === 'number' || kind === 'bigint'
    if (!known && !(parameter instanceof Uint8Array)) throw new TypeError(`cannot bind a ${kind} to SQL`)
  }
  return [...parameters]
}
