import { type Caller, createCaller } from './caller.js'
import { median } from './figures.js'
import { searchPath } from './targets.js'

/** One query alone: nothing else was asked meanwhile. `failed` counts answers that were not 200. */
export type QueryFigure = { query: string; ms: number; found: number; failed: number }

/** A query this slow is tried less often: the run has to end. */
const SLOW_MS = 1_000
const SLOW_TRIES = 3

export async function timeEachQuery(
  apiUrl: string,
  queries: string[],
  tries: number,
): Promise<QueryFigure[]> {
  const { call, close } = createCaller(apiUrl, 1)
  const figures: QueryFigure[] = []
  try {
    for (const query of queries) figures.push(await timeQuery(call, query, tries))
    return figures
  } finally {
    close()
  }
}

async function timeQuery(call: Caller, query: string, tries: number): Promise<QueryFigure> {
  const first = await timed(call, query)
  const rest = []
  const wanted = first.ms > SLOW_MS ? Math.min(tries, SLOW_TRIES) : tries
  while (rest.length < wanted) rest.push(await timed(call, query))
  return {
    query,
    ms: median(rest.map(each => each.ms)),
    found: first.found,
    failed: [first, ...rest].filter(each => each.status !== 200).length,
  }
}

async function timed(call: Caller, query: string): Promise<{ ms: number; status: number; found: number }> {
  const start = performance.now()
  const { status, text } = await call({ path: searchPath(query) })
  const ms = performance.now() - start
  return { ms, status, found: status === 200 ? JSON.parse(text).items.length : 0 }
}
