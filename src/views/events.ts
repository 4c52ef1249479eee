import { typeOf } from '../core/convert.js'
import type { Diagnostic } from '../core/diagnostic.js'
import type { Applied, Change, Counts, Drift, Plan, Progress } from '../core/plan.js'
import type { ProbeResult } from '../core/probed.js'
import { typeToJson } from '../core/type-json.js'
import { appliedLine } from './applied-text.js'
import { effective } from './change-headline.js'
import { actionReason, valuesJson } from './change-json.js'
import { diagnosticJson } from './diagnostic-json.js'
import { jsonText, type Writable, writableValue } from './json-text.js'
import { ownDrift } from './plan-json.js'
import { planLine } from './plan-summary.js'
import { probeJson } from './probe-json.js'
import { summaryOf } from './probe-text.js'
import type { Running } from './progress.js'
import { type Event, progressEvent, resourceKey, stillEvent } from './progress-event.js'
import type { Sources } from './source-excerpt.js'
import { terraformVersion } from './terraform-version.js'

/**
 * The stream of `--json`: one JSON object per line, in the form of Terraform's machine-readable UI. Types of our own come in
 * addition (`list_complete`, `lock_wait`, `recovery_wait`, `recovered`, `apply_skipped`, `left_out`, `interrupted`, `apply_wait`, `apply_lookup_wait`, `probe_complete`, `probe_summary`); readers
 * ignore what they do not know.
 */
export interface Events {
  version(version: string): void
  diagnostics(diagnostics: readonly Diagnostic[], sources: Sources): void
  planned(plan: Plan): void
  probed(result: ProbeResult): void
  progress(event: Progress): void
  still(running: Running): void
  applied(applied: Applied): void
  interrupted(): void
}

export function eventStream(write: (line: string) => void, now: () => Date): Events {
  const emit: Emit = (type, message, body, level = 'info') => {
    const envelope = {
      '@level': level,
      '@message': message,
      // Readers look for the module that they know.
      '@module': 'terraform.ui',
      '@timestamp': now().toISOString(),
    }
    write(`${jsonText({ ...envelope, ...body, type })}\n`)
  }
  return {
    version: (version) =>
      emit('version', `Rolecall ${version}`, { terraform: terraformVersion, rolecall: version, ui: '1.2' }),
    diagnostics(diagnostics, sources) {
      for (const each of diagnostics) {
        const [label, level] =
          each.severity === 'error' ? (['Error', 'error'] as const) : (['Warning', 'warn'] as const)
        emit('diagnostic', `${label}: ${each.summary}`, { diagnostic: diagnosticJson(each, sources) }, level)
      }
    },
    planned: (plan) => emitPlan(plan, emit),
    probed: (result) => emit('probe_summary', summaryOf(result), { probe: probeJson(result) }),
    progress: (event) => emit(...progressEvent(event)),
    still: (running) => emit(...stillEvent(running)),
    applied: (applied) => emitApplied(applied, emit),
    interrupted: () => emit('interrupted', 'Interrupt received. Gracefully shutting down...', {}),
  }
}

type Emit = (...event: Event) => void

function emitPlan(plan: Plan, emit: Emit): void {
  for (const { address, action, outcome, id, text } of plan.recovered)
    emit('recovered', `${address}: ${text}`, {
      recovered: { resource: resourceKey(address), action, outcome, id, text },
    })
  for (const drift of plan.drift) emitDrift(drift, emit)
  for (const change of plan.changes) {
    if (change.action === 'keep') continue
    const action = plannedAction(change)
    const previous = change.previousAddress
    emit('planned_change', `${change.address}: Plan to ${action}`, {
      change: {
        resource: resourceKey(change.address),
        previous_resource: previous === undefined ? undefined : resourceKey(previous),
        action,
        reason: eventReason(change),
        importing: change.importing === undefined ? undefined : { id: change.importing.id },
        ...valuesJson(change),
        consequences: change.consequences.map(({ kind, text }) => ({ kind, text })),
      },
    })
  }
  if (plan.leftOut.length > 0)
    emit('left_out', `Left out: ${plan.leftOut.length}`, { left_out: plan.leftOut.map(resourceKey) })
  emit('change_summary', planLine(plan.counts), { changes: summary(plan.counts, 'plan') })
  if (plan.outputs.length > 0)
    emit('outputs', `Outputs: ${plan.outputs.length}`, {
      outputs: Object.fromEntries(
        plan.outputs.map(({ name, sensitive, action }) => [
          name,
          { sensitive, action: action === 'keep' ? 'noop' : action },
        ]),
      ),
    })
}

function emitDrift(drift: Drift, emit: Emit): void {
  const known = drift.kind === 'changed' || drift.kind === 'vanished'
  const action = drift.kind === 'vanished' ? 'delete' : 'update'
  const subject = drift.address ?? `${drift.type} ${drift.name ?? drift.id}`
  if (known)
    emit('resource_drift', `${subject}: Drift detected (${action})`, {
      change: { resource: resourceKey(drift.address ?? drift.type), action },
      drift: ownDrift(drift),
    })
  else emit('resource_unmanaged', `${subject}: ${drift.kind}`, { drift: ownDrift(drift) })
}

function plannedAction(change: Change): string {
  switch (effective(change)) {
    case 'adopt':
      return change.fields.length > 0 ? 'update' : 'import'
    case 'forget':
      return 'remove'
    case 'keep':
      return 'noop'
    default:
      return effective(change)
  }
}

const eventReasons = new Map([
  ['replace_because_cannot_update', 'cannot_update'],
  ['replace_by_request', 'requested'],
  ['replace_by_triggers', 'replace_triggered_by'],
])

function eventReason(change: Change): string | undefined {
  const reason = actionReason(change)
  return reason === undefined ? undefined : (eventReasons.get(reason) ?? reason)
}

function summary(counts: Counts, operation: string): { readonly [key: string]: Writable } {
  return {
    add: counts.add,
    change: counts.change,
    import: counts.adopt,
    remove: counts.destroy,
    operation,
    move: counts.move,
    forget: counts.forget,
  }
}

function emitApplied(applied: Applied, emit: Emit): void {
  const { counts, plan, interrupted } = applied
  emit('change_summary', appliedLine(applied), {
    changes: {
      ...summary(counts, plan.mode === 'destroy' ? 'destroy' : 'apply'),
      failed: counts.failed,
      skipped: counts.skipped,
      interrupted,
    },
  })
  if (applied.outputs.size === 0) return
  emit('outputs', `Outputs: ${applied.outputs.size}`, {
    outputs: Object.fromEntries(
      [...applied.outputs].map(([name, { value, sensitive }]) => [
        name,
        {
          sensitive,
          type: typeToJson(typeOf(value)),
          value: sensitive ? undefined : writableValue(value),
        },
      ]),
    ),
  })
}
