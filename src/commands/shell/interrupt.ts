/**
 * Calls `first` at the first SIGINT, SIGTERM or SIGHUP, and at the second `second`, after which the process exits at once with
 * 1. With `hangup`, SIGHUP is not among them: it calls that, each time. Returns how to stop listening.
 */
export function onInterrupt(on: { first(): void; second(): void; hangup?: () => void }): () => void {
  let received = 0
  const listener = (): void => {
    received++
    if (received === 1) {
      on.first()
      return
    }
    on.second()
    process.exit(1)
  }
  const { hangup = listener } = on
  const listeners = { SIGINT: listener, SIGTERM: listener, SIGHUP: hangup } as const
  const signals = Object.entries(listeners) as readonly (readonly [NodeJS.Signals, () => void])[]
  for (const [signal, act] of signals) process.on(signal, act)
  return () => {
    for (const [signal, act] of signals) process.off(signal, act)
  }
}
