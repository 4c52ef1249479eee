import type { Console, PlanOptions } from '../app.js'
import { Failure, failOnErrors, hasErrors } from '../core/diagnostic.js'
import { unknownValue } from '../core/value.js'
import { topological } from '../engine/block-order.js'
import { evaluateBlock } from '../engine/evaluate-nodes.js'
import type { Selection } from '../engine/select.js'
import { createWalkContext } from '../engine/walk.js'
import { toExpression } from '../lang/expression.js'
import { parseExpression } from '../lang/hcl/parser.js'
import { readStateOf, storeOf } from './planning.js'
import { loadProject } from './project.js'
import { projectVariables } from './project-variables.js'
import { freshKey, type Session, walkInput, walkOptions } from './session.js'

/** Nothing is looked at: what is recorded is what references see. */
const recordedOnly: Selection = {
  partial: true,
  block: () => true,
  instance: () => false,
  row: () => false,
  excludes: () => false,
}

/** A scope in which expressions are evaluated as the configuration would: variables, locals, and resources as recorded. */
export async function openConsole(session: Session, options: PlanOptions): Promise<Console> {
  const project = loadProject(session)
  const { values, diagnostics } = await projectVariables(session, project, options, { partial: true })
  failOnErrors([...project.diagnostics, ...diagnostics])
  // To try out an expression, nobody has to give all variables a value.
  const variables = new Map(values)
  for (const { name, type, sensitive } of project.configuration.variables.values())
    if (!values.has(name)) variables.set(name, unknownValue(type, undefined, sensitive))
  const { state } = await readStateOf(session, await storeOf(session, project.configuration))
  const context = createWalkContext(
    await walkInput(session, {
      configuration: project.configuration,
      variables,
      state,
      fingerprintKey: state.fingerprintKey ?? freshKey(),
      options: walkOptions(options),
    }),
    recordedOnly,
  )
  for (const address of topological(context.order)) {
    const block = project.configuration.resources.get(address)
    if (block !== undefined) evaluateBlock(context, block)
  }
  return {
    evaluate(text) {
      const file = '<console>'
      const parsed = parseExpression(text, file)
      const sources = new Map([...session.sources, [file, text]])
      if (hasErrors(parsed.diagnostics)) return { diagnostics: parsed.diagnostics, sources }
      try {
        return { value: toExpression(parsed.expression).evaluate(context.evaluation.scope(new Set())) }
      } catch (cause) {
        if (cause instanceof Failure) return { diagnostics: cause.diagnostics, sources }
        throw cause
      }
    },
  }
}
