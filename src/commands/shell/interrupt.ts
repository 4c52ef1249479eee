/**
 * Calls `first` at the first SIGINT, SIGTERM or SIGHUP, and at the second `second`, after which the process exits at once with
 * 1. Returns how to stop listening.
 */
export function onInterrupt(on: { first(): void; second(): void }): () => void {
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
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, listener)
  return () => {
    for (const signal of signals) process.off(signal, listener)
  }
}
