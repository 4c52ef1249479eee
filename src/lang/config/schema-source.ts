import type { Schema } from '../../core/schema.js'

/** What the configuration can be checked against: the declarations of all providers. */
export interface SchemaSource {
  resource(type: string): Schema | undefined
  data(type: string): Schema | undefined
  /** The settings of a provider. */
  provider(name: string): Schema | undefined
  /** Every name there is, for "did you mean". */
  types(): {
    readonly resources: readonly string[]
    readonly data: readonly string[]
    readonly providers: readonly string[]
  }
}

/** The provider of a type is the first word of its name: `trifacta_person` belongs to `trifacta`. */
export function providerOfType(type: string): string {
  const end = type.indexOf('_')
  return end < 0 ? type : type.slice(0, end)
}
