import { AwsError } from './aws-error.js'
import { checkForm, type Form } from './form.js'
import type { XmlElements } from './xml.js'

/** The part of a list that `Marker` and `MaxItems` ask for, and the elements that say whether there is more. */
export function page<T>(
  all: readonly T[],
  form: Form,
): { readonly items: readonly T[]; readonly rest: XmlElements } {
  checkForm(form, { MaxItems: { number: true, min: 1, max: 1000 } })
  const marker = form.get('Marker')
  const start = marker === undefined ? 0 : Number(Buffer.from(marker, 'base64').toString('latin1'))
  if (!Number.isInteger(start) || start < 0)
    throw new AwsError(400, 'ValidationError', `Invalid Marker: ${marker}`)
  const end = start + Number(form.get('MaxItems') ?? 100)
  const more = end < all.length
  return {
    items: all.slice(start, end),
    rest: {
      IsTruncated: more,
      Marker: more ? Buffer.from(String(end)).toString('base64') : undefined,
    },
  }
}
