/** Ctrl-C at work that wants to be ended in order. Known by its name to cli/failure.ts. */
export class Interrupted extends Error {
  override name = 'Interrupted'
}

/** A signal that Ctrl-C aborts, once; a second one ends the process as ever. `end` when the work is over. */
export function interruption(message: string): { signal: AbortSignal; end(): void } {
  const control = new AbortController()
  const abort = () => control.abort(new Interrupted(message))
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, abort)
  return {
    signal: control.signal,
    end() {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.removeListener(name, abort)
    },
  }
}
