export type Step = <T>(name: string, work: () => Promise<T> | T, detail?: (result: T) => string) => Promise<T>

/** Thrown between two steps once a stop was asked for. */
export class StopRequested extends Error {}

/** Runs named steps and prints each, when it is over, on one line with its time. */
export function createSteps(write: (line: string) => void, signal?: AbortSignal): Step {
  return async (name, work, detail = () => '') => {
    if (signal?.aborted) throw new StopRequested()
    const from = performance.now()
    const line = (mark: string, text: string) =>
      write(
        `  ${mark} ${name.padEnd(14)} ${text.padEnd(46)} ${duration(performance.now() - from).padStart(8)}`,
      )
    try {
      const result = await work()
      line('✓', detail(result))
      return result
    } catch (error) {
      if (!(error instanceof StopRequested)) line('✗', 'failed')
      throw error
    }
  }
}

export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
}
