import { instanceAddress } from '../core/address.js'
import type { Configuration, Expression, FunctionEnvironment, Scope } from '../core/configuration.js'
import { type Diagnostic, Failure } from '../core/diagnostic.js'
import type { Value } from '../core/value.js'
import type { SchemaSource } from './config/schema-source.js'
import { followUps, type Known, nothingKnown } from './validate/follow-ups.js'
import { offlineEvaluation, schemaOf } from './validate/offline-scope.js'
import { sameObjects } from './validate/same-objects.js'

/**
 * Evaluates everything that a configuration declares without asking any service, and reports every mistake. Attributes of
 * resources and data sources are unknown values of their types; so are variables without a value. Every instance whose key is
 * known is evaluated; where the keys are not known, the body is, once, with `each.value` unknown. `known` is what is wrong with
 * the configuration already: it is not told again, and nothing is told that only follows from it.
 */
export function validateConfiguration(
  configuration: Configuration,
  schemas: SchemaSource,
  variables: ReadonlyMap<string, Value>,
  environment: FunctionEnvironment,
  known: Known = nothingKnown,
): readonly Diagnostic[] {
  const found = new Map<string, Diagnostic>()
  const isFollowUp = followUps(known, [
    ...[...configuration.resources.values()].map(({ body }) => body.span),
    ...[...configuration.providers.values()].map(({ body }) => body.span),
  ])
  const report = (diagnostic: Diagnostic): void => {
    if (needsTheWorld.has(diagnostic.code) || isFollowUp(diagnostic)) return
    const { code, span, detail } = diagnostic
    // One mistake in a block with many instances is one mistake.
    const key = JSON.stringify([code, span?.file, span?.start.offset, span?.end.offset, detail])
    if (!found.has(key)) found.set(key, diagnostic)
  }
  const evaluation = offlineEvaluation({ configuration, schemas, variables, environment, known, report })
  const evaluate = (expression: Expression, scope: Scope, address?: string): Value | undefined => {
    try {
      return expression.evaluate(scope)
    } catch (problem) {
      if (!(problem instanceof Failure)) throw problem
      for (const diagnostic of problem.diagnostics) {
        report({ span: expression.span, ...diagnostic, ...(address === undefined ? {} : { address }) })
      }
      return undefined
    }
  }

  for (const name of configuration.locals.keys()) evaluation.local(name)
  for (const provider of configuration.providers.values()) evaluate(provider.body, evaluation.scope())
  const collisions = sameObjects(report)
  for (const block of configuration.resources.values()) {
    const schema = schemaOf(block, schemas)
    for (const [key, instance] of evaluation.instances(block).all) {
      const address = instanceAddress(block.address, key)
      const value = evaluate(block.body, evaluation.scope(instance), address)
      if (value !== undefined && schema !== undefined) collisions.add(block, schema, address, value)
    }
  }
  for (const output of configuration.outputs.values()) evaluate(output.value, evaluation.scope())
  return [...found.values()]
}

/** Where only `validate` runs, the environment variables and files with the secrets are absent: that is no mistake. */
const needsTheWorld: ReadonlySet<string> = new Set(['lang/environment-variable', 'lang/secret-file'])
