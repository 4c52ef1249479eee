import { resolve } from 'node:path'
import type { Ambient, AskedVariable, Workspace } from '../../app.js'
import { type Diagnostic, error, Failure } from '../../core/diagnostic.js'
import type { Progress } from '../../core/plan.js'
import { diagnosticsText } from '../../views/diagnostic.js'
import type { Events } from '../../views/events.js'
import {
  interruptText,
  progressLine,
  secondInterruptText,
  stillLine,
  watchOperations,
} from '../../views/progress.js'
import type { Sources } from '../../views/source-excerpt.js'
import type { GlobalFlags } from './flags.js'
import { onInterrupt } from './interrupt.js'
import { diagnosticsDocument, type Told } from './json-report.js'
import { type Terminal, terminalHere } from './terminal.js'
import { version } from './version.js'

/** One run of a command. */
export interface Session {
  readonly terminal: Terminal
  readonly ambient: Ambient
  readonly json: boolean
  /** Whether the user may be asked. */
  readonly interactive: boolean
  /** The stream of `--json`, for commands that stream. */
  readonly events: Events | undefined
  out(text: string): void
  /**
   * Tells messages: to people on stderr, in a stream of events as events. Where the result is one JSON document, they become
   * that document if the command comes to no other.
   */
  tell(diagnostics: readonly Diagnostic[], sources: Sources): void
}

export interface SessionOptions {
  /** With `--json` the command writes a stream of events, and not one document. */
  readonly streams?: boolean
  /** Called for SIGHUP where there is no terminal that could have been closed: what daemons take as a word to read their files again. */
  readonly hangup?: () => void
}

/**
 * Runs a command: gives it its surroundings, turns the first interrupt into the stop signal, reports what it throws, and
 * returns the exit code: that of the body, or 1.
 */
export async function inSession(
  flags: GlobalFlags,
  options: SessionOptions,
  body: (session: Session) => Promise<number>,
): Promise<number> {
  const terminal = terminalHere(!flags['no-color'])
  const events = flags.json && options.streams === true ? await eventsOf(terminal) : undefined
  const stop = new AbortController()
  const release = onInterrupt({
    first() {
      if (events === undefined) terminal.err(interruptText)
      else events.interrupted()
      stop.abort()
    },
    second() {
      terminal.err(secondInterruptText)
    },
    ...(options.hangup !== undefined && terminal.stdin.isTTY !== true && { hangup: options.hangup }),
  })
  const watch = watchOperations(() => terminal.now().getTime())
  const timer = setInterval(() => {
    for (const running of watch.due()) {
      if (events === undefined) terminal.err(`${stillLine(running, terminal.errStyle)}\n`)
      else events.still(running)
    }
  }, 1000)
  timer.unref()
  const told: Told[] = []
  let hasResult = false
  const tellPeople = ({ diagnostics, sources }: Told) => {
    const width = terminal.width
    terminal.err(
      diagnosticsText(diagnostics, sources, {
        style: terminal.errStyle,
        ...(width !== undefined && { width }),
      }),
    )
  }
  const interactive =
    flags.input && terminal.stdin.isTTY === true && !(terminal.env.CI ?? '').match(/^(1|true)$/i)
  const session: Session = {
    terminal,
    ambient: {
      cwd: flags.chdir === undefined ? terminal.cwd : resolve(terminal.cwd, flags.chdir),
      env: terminal.env,
      now: terminal.now,
      stop: stop.signal,
      progress(event: Progress) {
        watch.see(event)
        if (events !== undefined) return events.progress(event)
        const line = progressLine(event, terminal.errStyle)
        if (line !== undefined) terminal.err(`${line}\n`)
      },
      trace: (line) => terminal.err(`${line}\n`),
      ...(interactive &&
        !flags.json && {
          ask: async (variable: AskedVariable) =>
            (await import('./asking.js')).askForVariable(terminal, variable, stop.signal),
        }),
    },
    json: flags.json,
    interactive,
    events,
    out(text) {
      hasResult = true
      terminal.out(text)
    },
    tell(diagnostics, sources) {
      if (events !== undefined) events.diagnostics(diagnostics, sources)
      else if (flags.json) told.push({ diagnostics, sources })
      else tellPeople({ diagnostics, sources })
    },
  }
  let code = 1
  try {
    code = await body(session)
  } catch (cause) {
    reportFailure(session, cause, new Map())
  } finally {
    clearInterval(timer)
    release()
  }
  // A document is not mixed with another one: what does not stand in it is for people.
  if (hasResult) told.forEach(tellPeople)
  else if (told.some(({ diagnostics }) => diagnostics.length > 0)) terminal.out(diagnosticsDocument(told))
  const lost = await terminal.flush()
  if (lost === undefined) return code
  terminal.err(`The results could not be written in full: ${lost.message}\n`)
  return 1
}

async function eventsOf(terminal: Terminal): Promise<Events> {
  const { eventStream } = await import('../../views/events.js')
  const events = eventStream(terminal.out, terminal.now)
  events.version(version())
  return events
}

/** Opens the folder's workspace for the body. What it throws is told with the source lines that were read by then. */
export async function inWorkspace(
  session: Session,
  body: (workspace: Workspace) => Promise<number>,
): Promise<number> {
  const { openWorkspace } = await import('../../app.js')
  const workspace = await openWorkspace(session.ambient)
  try {
    return await body(workspace)
  } catch (cause) {
    reportFailure(session, cause, workspace.sources)
    return 1
  } finally {
    await workspace.close()
  }
}

function reportFailure(session: Session, cause: unknown, sources: Sources): void {
  const { stop } = session.ambient
  if (cause instanceof Failure) session.tell(cause.diagnostics, sources)
  else if (stop.aborted && (cause === stop.reason || (cause instanceof Error && cause.name === 'AbortError')))
    session.tell(
      [
        error('commands/interrupted', 'Interrupted', {
          detail: 'The command was stopped before it was done.',
        }),
      ],
      sources,
    )
  else throw cause
}
