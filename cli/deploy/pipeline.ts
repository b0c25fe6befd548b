import { type Deploy, factsOf, Interrupted, runOf } from './deploy.js'
import type { StepRecord } from './history.js'
import { runHook } from './hooks.js'
import type { Step } from './steps.js'
import type { View } from './view.js'

export type Ended = { records: StepRecord[]; failure: { step: Step; error: Error } | null }

/**
 * Runs the steps in order and stops at the first that fails. Then the target goes back to what was live before this
 * deploy, whatever the step: after the release was confirmed there is nothing left to take back.
 */
export async function runSteps(
  deploy: Deploy,
  steps: readonly Step[],
  view: View,
  onStep: (name: string) => void,
): Promise<Ended> {
  const records: StepRecord[] = steps.map(({ name }) => ({ name, state: 'not_reached', ms: 0, detail: '' }))
  const set = (at: number, record: Partial<StepRecord>) => {
    const whole = { ...(records[at] as StepRecord), ...record }
    records[at] = whole
    view.end(at, whole)
  }
  for (const [at, step] of steps.entries()) {
    if (deploy.skipped.has(step.name)) {
      set(at, { state: 'skipped', detail: deploy.reason ?? '' })
      continue
    }
    onStep(step.name)
    view.begin(at)
    const from = performance.now()
    const ms = () => Math.round(performance.now() - from)
    try {
      const detail = await runStep(deploy, step, line => view.say(at, line))
      set(at, { state: 'done', detail, ms: ms() })
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      const detail = error.message.split('\n')[0] ?? ''
      set(at, { state: 'failed', detail, ms: ms() })
      return { records, failure: { step, error } }
    }
  }
  return { records, failure: null }
}

async function runStep(deploy: Deploy, step: Step, say: (line: string) => void): Promise<string> {
  const { signal, paths } = deploy
  const interrupted = () => new Interrupted(`Interrupted at ${step.name}.`)
  if (signal.aborted) throw interrupted()
  const hook = (when: 'before' | 'after') =>
    runHook(paths, when, step.name, factsOf(deploy), runOf(deploy, say))
  const work = async () => {
    await hook('before')
    const detail = await step.run(deploy, say)
    await hook('after')
    return detail
  }
  let stop = () => {}
  const asked = new Promise<never>((_resolve, reject) => {
    stop = () => reject(interrupted())
    signal.addEventListener('abort', stop, { once: true })
  })
  const working = work()
  try {
    return await Promise.race([working, asked])
  } catch (error) {
    // what it started ends before anything is taken back
    if (signal.aborted) await working.catch(() => undefined)
    throw signal.aborted ? interrupted() : error
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
