import type { Configuration, Reference } from '../core/configuration.js'

/**
 * The subjects that references lead to, also by way of locals and data sources: `var.x`, `local.y`, `data.trifacta_people.all`,
 * `trifacta_person.jane`. At an object that is managed the way ends: its values come from the service.
 */
export function reach(configuration: Configuration, from: readonly Reference[]): ReadonlySet<string> {
  const found = new Set<string>()
  const left = [...from]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { subject } = next
    if (found.has(subject)) continue
    found.add(subject)
    if (subject.startsWith('local.'))
      left.push(...(configuration.locals.get(subject.slice('local.'.length))?.value.references ?? []))
    else if (subject.startsWith('data.')) {
      const block = configuration.resources.get(subject)
      for (const one of [block?.body, block?.forEach, block?.count]) left.push(...(one?.references ?? []))
      left.push(...(block?.dependsOn ?? []))
    }
  }
  return found
}
