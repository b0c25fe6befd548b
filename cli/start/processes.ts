import { join } from 'node:path'
import { isAlive, waitFor } from '../../api/embedded/process.js'
import { AppError } from '../../api/platform/errors.js'
import { type Child, startChild } from './child.js'
import { recordChild } from './children.js'
import type { Stage } from './stage.js'
import { StopRequested } from './steps.js'

const READY_WITHIN_MS = 60_000

export type Processes = { apiPid: number; workerPid: number }

type Program = { name: string; entry: string; log: string }
const API: Program = { name: 'API', entry: '../../api/server.js', log: 'api.log' }
const WORKER: Program = { name: 'Worker', entry: '../../api/worker.js', log: 'worker.log' }

/** Worker and API start side by side; the order of the two only decides that the API is stopped first. */
export async function startProcesses(stage: Stage, env: Record<string, string>): Promise<Processes> {
  const worker = launch(stage, WORKER, env)
  const api = launch(stage, API, env)
  const tell = (child: Child) => () => `process ${child.who.pid}`
  await stage.step(API.name, () => ready(stage, api), tell(api))
  await stage.step(WORKER.name, () => stillRuns(worker), tell(worker))
  return { apiPid: api.who.pid, workerPid: worker.who.pid }
}

function launch(
  { env: shell, folder, teardown, watch }: Stage,
  program: Program,
  env: Record<string, string>,
): Child {
  const { name, entry, log } = program
  const child = startChild(
    name,
    new URL(entry, import.meta.url),
    { ...shell, ...env },
    join(folder.logs, log),
  )
  teardown.add(name, child.stop)
  recordChild(folder.children, { name, who: child.who })
  child.died.then(watch.report)
  return child
}

async function ready(stage: Stage, api: Child): Promise<void> {
  const isUp = () => stage.signal.aborted || !isAlive(api.who) || answers(stage.baseUrl)
  if (!(await waitFor(isUp, READY_WITHIN_MS, 25))) {
    const message = `The API did not become ready within ${READY_WITHIN_MS / 1000} s; see ${stage.folder.logs}.`
    throw new AppError('unavailable', 'start.api_not_ready', message)
  }
  if (stage.signal.aborted) throw new StopRequested()
  await stillRuns(api)
}

async function stillRuns(child: Child): Promise<void> {
  if (!isAlive(child.who)) throw await child.died
}

async function answers(baseUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${baseUrl}/api/health/ready`, {
      signal: AbortSignal.timeout(2000),
    })
    await answer.body?.cancel()
    return answer.ok
  } catch {
    return false // not listening yet
  }
}
