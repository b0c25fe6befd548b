import type { Step } from './steps.js'

/** What must be stopped, in the reverse of the order it was started in. */
export type Teardown = { add(name: string, stop: () => Promise<void>): void; run(step: Step): Promise<void> }

export function createTeardown(): Teardown {
  const started: { name: string; stop: () => Promise<void> }[] = []
  return {
    add(name, stop) {
      started.push({ name, stop })
    },
    async run(step) {
      const failures: unknown[] = []
      for (let next = started.pop(); next; next = started.pop()) {
        // One that will not stop must not keep the others running.
        await step(next.name, next.stop, () => 'stopped').catch(error => failures.push(error))
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}
