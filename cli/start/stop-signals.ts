const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export type StopSignals = { signal: AbortSignal; requested: Promise<void>; close(): void }

/** From now on Ctrl-C is a request: everything is stopped in order, and the process ends by itself. */
export function listenForStop(): StopSignals {
  const controller = new AbortController()
  const requested = new Promise<void>(resolve => {
    controller.signal.addEventListener('abort', () => resolve(), { once: true })
  })
  // Stays on while stopping: an impatient second Ctrl-C must not leave servers behind.
  const ask = () => controller.abort()
  for (const name of SIGNALS) process.on(name, ask)
  return {
    signal: controller.signal,
    requested,
    close() {
      for (const name of SIGNALS) process.off(name, ask)
    },
  }
}
