import type { AccessFilter, AccessPath } from './core/access-path.js'
import type { Address } from './core/address.js'
import type { Diagnostic } from './core/diagnostic.js'
import type { Json, JsonObject } from './core/json.js'
import type { Outline } from './core/outline.js'
import type { Applied, Change, Drift, Plan, Progress, Recovered } from './core/plan.js'
import type { ProbeResult } from './core/probed.js'
import type { Issued, IssueRequest, Provider } from './core/resource.js'
import type { Schema } from './core/schema.js'
import type { Holder, Row, State, StateStore } from './core/state.js'
import type { Value } from './core/value.js'
import type { ApplyPoint } from './engine/apply-context.js'
import type { Scope, SystemName } from './server/system.js'
import type { TokenInfo } from './server/tokens.js'
import type { TracePoint } from './state/environment.js'

/** Everything that the program takes from the world; `bin` and tests make one. */
export interface Ambient {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  now(): Date
  /** Stop signal: aborted by the first SIGINT, SIGTERM or SIGHUP. What is in flight is finished and journaled. */
  readonly stop: AbortSignal
  progress(event: Progress): void
  /** A line of the redacted trace of requests; they are traced when `ROLECALL_LOG` is `trace`. */
  readonly trace?: (line: string) => void
  /** Asks the user for the value of a variable; undefined: there is none. Absent where nobody can be asked. */
  ask?(variable: AskedVariable): Promise<string | undefined>
  /** Set by tests only. */
  readonly test?: TestHooks
}

/** A variable without a value, as the user is asked for it. */
export interface AskedVariable {
  readonly name: string
  readonly description?: string
  /** What is typed in must not be seen. */
  readonly sensitive: boolean
}

/** What the fault suites reach into: moments at which a process is killed, and waits that would take a test too long. */
export interface TestHooks {
  trace?(point: ApplyPoint | TracePoint): void
  /** Milliseconds after a lost answer before the service is looked at; default: the provider's own. */
  readonly settle?: number
  /** Waits between tries of an operation; default: real time. */
  sleep?(milliseconds: number): Promise<void>
  /** Providers besides the built-in ones, by name. */
  readonly providers?: ReadonlyMap<string, Provider>
  /** The state, wherever the configuration puts it. */
  readonly store?: StateStore
}

/** The planning options that `plan`, `apply`, `destroy` and `drift` share. */
export interface PlanOptions {
  readonly mode?: 'normal' | 'destroy' | 'refresh-only'
  /** False: recorded attributes stand for what the services have; addresses without a record are still looked up. */
  readonly refresh?: boolean
  readonly targets?: readonly string[]
  readonly excludes?: readonly string[]
  readonly replace?: readonly string[]
  /** `name=text`, as after `--var`; and files, as after `--var-file`; in the order of the command line. */
  readonly variables?: readonly ({ readonly flag: string } | { readonly file: string })[]
  readonly parallelism?: number
  readonly allowDeletes?: number
  readonly adopt?: boolean
  readonly rebind?: boolean
  readonly lockTimeout?: number
}

/** A saved plan (`plan --out`): options, what it holds, and the digest of each change. JSON; holds no secret. */
export type SavedPlan = JsonObject

/** What `probe` looks at, and how. */
export interface ProbeRunOptions extends Pick<PlanOptions, 'variables' | 'parallelism'> {
  /** None: all. */
  readonly addresses: readonly string[]
  /** Tells a wrong owner from a lack of permission, by a request to a bucket that may be a stranger's. */
  readonly confirmOwner?: boolean
  /** A role that does not let us in is a warning, where somebody else assumes it when it is really used. */
  readonly untrustedOk?: boolean
}

/** What `access` asks for: ways that lead there, or through it. */
export interface AccessRunOptions
  extends Pick<PlanOptions, 'variables' | 'parallelism' | 'refresh'>,
    AccessFilter {}

/** Whether a plan is tried too. */
export interface PlanProbing extends Pick<ProbeRunOptions, 'confirmOwner' | 'untrustedOk'> {
  readonly probe?: boolean
}

export interface Planned {
  readonly plan: Plan
  /** Of what is planned, when that was asked for. */
  readonly probed?: ProbeResult
  /** File name to text, to show source lines in messages. */
  readonly sources: ReadonlyMap<string, string>
  readonly state: State
  /** A live run that holds the state just now. */
  readonly live?: Holder
  /** The bytes for `--out`. */
  save(): SavedPlan
  /** The variables that have to be given again to apply what was saved: they feed secrets, which it does not hold. */
  givenAgain(): readonly string[]
}

export interface ApplyOptions extends PlanOptions {
  readonly saved?: SavedPlan
  /** Shows the plan and asks; not called when there is nothing to do. False: cancelled. */
  confirm(planned: Planned): Promise<boolean>
}

export interface IssueOptions extends Pick<PlanOptions, 'variables'>, IssueRequest {
  /** The local name of the provider that is asked (`vault.eu`), where a name alone leaves several. */
  readonly provider?: string
  /** False: the key of a user is given out at once, though AWS may not know it everywhere yet. Default: true. */
  readonly wait?: boolean
}

/** Credentials, and why it is not known whether AWS accepts them by now. */
export interface IssuedHere extends Issued {
  readonly unproven?: string
}

export interface DriftReport {
  readonly drift: readonly Drift[]
  readonly recovered: readonly Recovered[]
  readonly diagnostics: readonly Diagnostic[]
  readonly live?: Holder
}

/**
 * A folder of configuration with its state: what every command works on. All methods throw a `Failure` (core/diagnostic)
 * for the user's mistakes and for services that refuse; `sources` is filled as files are read, to show source lines.
 */
export interface Workspace {
  readonly folder: string
  readonly sources: ReadonlyMap<string, string>
  /** Offline: no credentials, no data reads. Errors and warnings of all files. */
  validate(options: Pick<PlanOptions, 'variables'>): Promise<readonly Diagnostic[]>
  plan(options: PlanOptions & PlanProbing): Promise<Planned>
  /** Tries the accesses of recorded objects. */
  probe(options: ProbeRunOptions): Promise<ProbeResult>
  /** Who reaches what, through the recorded objects. */
  access(options: AccessRunOptions): Promise<readonly AccessPath[]>
  /** Undefined: cancelled at the prompt. */
  apply(options: ApplyOptions): Promise<Applied | undefined>
  drift(options: PlanOptions & { readonly unmanaged?: boolean }): Promise<DriftReport>
  import(address: string, id: string, options: PlanOptions): Promise<{ readonly row: Row }>
  /**
   * Gets AWS credentials from the object with this recorded address, or from one that the service knows by this name
   * (`aws/ci`). They are secret: for stdout, and nothing else.
   */
  issue(name: string, options: IssueOptions): Promise<IssuedHere>
  /** Evaluates expressions in the scope of the configuration and the recorded state. Each yields a value or diagnostics. */
  console(options: PlanOptions): Promise<Console>
  readState(): Promise<{ readonly state: State; readonly live?: Holder }>
  stateMove(
    from: string,
    to: string,
    options: { readonly dryRun?: boolean; readonly lockTimeout?: number },
  ): Promise<readonly { from: Address; to: Address }[]>
  stateRemove(
    addresses: readonly string[],
    options: { readonly dryRun?: boolean; readonly lockTimeout?: number },
  ): Promise<readonly Address[]>
  forceUnlock(id: string): Promise<Holder>
  /** Providers that the configuration uses, with the blocks that use them. */
  providers(): Promise<readonly { readonly name: string; readonly usedBy: readonly Address[] }[]>
  /** Closes what commands have opened (the embedded control plane). */
  close(): Promise<void>
}

export interface Console {
  evaluate(
    text: string,
  ):
    | { readonly value: Value }
    | { readonly diagnostics: readonly Diagnostic[]; readonly sources: ReadonlyMap<string, string> }
}

/** Schemas of all built-in providers, for docs and `providers schema`. */
export type ProviderSchemas = ReadonlyMap<
  string,
  { readonly provider: Schema; readonly resources: readonly Schema[]; readonly data: readonly Schema[] }
>

export interface ServerOptions {
  readonly folder: string
  /** `HOST:PORT` or `PORT`. */
  readonly listen: string
  /** A file or `postgres://…`; default: what `ROLECALL_DATABASE` says, else `.rolecall/plane.db`. */
  readonly database?: string
  /** The file of the key; default: what `ROLECALL_KEY_FILE` says, else beside the database's file. */
  readonly keyFile?: string
  readonly generation?: 'A' | 'C'
  /** The AWS behind the plane: `real` (as when absent) or `sandbox:FILE`. */
  readonly aws?: string
  /** Where the sandbox listens: `HOST:PORT` or `PORT`. Absent: the plane alone reaches it. */
  readonly awsListen?: string
  /** PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Allows other machines to connect without TLS: something in front of the server speaks it. */
  readonly insecureHttp?: boolean
  readonly stop: AbortSignal
  env(name: string): string | undefined
  now(): Date
  /** One line for each request. */
  log(line: string): void
}

export interface StartedServer {
  readonly url: string
  /** What to set the endpoint of each provider to. */
  readonly endpoints: ReadonlyMap<string, string>
  /** Of the sandbox, if it listens. */
  readonly awsUrl?: string
  /** Whether requests need a token now. */
  readonly asksForTokens: boolean
  /** Reads the files of TLS again. Throws a `Failure` if they are not right; then nothing has changed. */
  reloadTls(): Promise<void>
  close(): Promise<void>
}

export { largestFile, readRegularFile, tooLarge } from './app/regular-file.js'
/** Where the tokens of a control plane are. */
export interface TokenOptions
  extends Pick<ServerOptions, 'folder' | 'database' | 'keyFile' | 'env' | 'now'> {}

export interface TokenStore {
  /** `days`: how long it may be used; absent: until it is revoked. `text` is what callers send, and is shown only here. */
  create(token: {
    readonly system: SystemName
    readonly name: string
    readonly scopes: readonly Scope[]
    readonly days?: number
  }): Promise<{ readonly text: string; readonly info: TokenInfo }>
  list(): Promise<readonly TokenInfo[]>
  /** Throws a `Failure` if there is none with this id. */
  revoke(id: string): Promise<void>
  close(): Promise<void>
}

export type { Change, Json, Scope, SystemName, TokenInfo }

/** Opens the current folder, `ambient.cwd`, as a workspace. Reads nothing yet. */
export async function openWorkspace(ambient: Ambient): Promise<Workspace> {
  const { workspace } = await import('./app/workspace.js')
  return workspace(ambient.cwd, ambient)
}

/** Runs the embedded control plane on a socket. */
export async function startServer(options: ServerOptions): Promise<StartedServer> {
  return (await import('./app/server.js')).startServer(options)
}

/** Opens the tokens by which callers of the control plane are let in. */
export async function openTokens(options: TokenOptions): Promise<TokenStore> {
  return (await import('./app/tokens.js')).openTokens(options)
}

/** What all built-in providers declare. */
export async function loadProviderSchemas(): Promise<ProviderSchemas> {
  const { loadSchemas, providerNames } = await import('./providers/schemas.js')
  return new Map(
    providerNames().map((name) => {
      const { provider, resources, data } = loadSchemas(name)
      return [name, { provider, resources: [...resources.values()], data: [...data.values()] }] as const
    }),
  )
}

/** The text of a file in canonical layout, or what keeps it from being read. */
export async function formatText(
  text: string,
  file: string,
): Promise<{ readonly text: string; readonly diagnostics: readonly Diagnostic[] }> {
  const { formatHcl } = await import('./lang/hcl/format.js')
  return formatHcl(text, file)
}

/** A saved plan, taken apart. */
export interface OpenedPlan {
  readonly plan: Plan
  /** When it was made, RFC 3339, and by which version of Rolecall. */
  readonly created: string
  readonly version: string
  /** Values of variables. Those that bring secrets have none: a plan does not hold them. */
  readonly variables: ReadonlyMap<string, Value | undefined>
  readonly outline: Outline
}

/** A plan as `plan --out` wrote it, for `show`. */
export async function openSavedPlan(saved: SavedPlan): Promise<OpenedPlan> {
  const { readSavedPlan } = await import('./app/saved-plan.js')
  const { plan, created, version, outline, variables, sensitiveVariables } = readSavedPlan(saved)
  const unknown = sensitiveVariables.map((name) => [name, undefined] as const)
  return { plan, created, version, outline, variables: new Map([...variables, ...unknown]) }
}
