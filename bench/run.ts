import { createClosing, interruption } from './closing.js'
import { planOf } from './options.js'
import { readQueries } from './queries.js'
import { describeRun, growthReport, sizeReport } from './report.js'
import { earlierRun, keep, type Result, resultOf } from './results.js'
import { startServices } from './services.js'
import { measureSize } from './size.js'
import { assertWrk } from './wrk.js'

/**
 * `npm run bench`: the API under load, beside the limits it is held against, at two sizes of the catalogue.
 * docs/marks.md explains the columns. Exit code 1 where any answer was an error.
 */
const closing = createClosing()
/** What is being done now, in one line that does not stay. */
const tell = (line: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`)
}
const wipe = () => tell('')

async function bench(): Promise<number> {
  const plan = planOf(process.argv.slice(2))
  assertWrk()
  const queries = readQueries()
  const earlier = earlierRun(plan)
  const result = resultOf(plan, [])
  console.log(describeRun(result))
  if (earlier) console.log(`before: the run of ${earlier.at} at commit ${earlier.commit}`)

  const services = await startServices(closing)
  for (const size of plan.sizes) {
    const figures = await measureSize(closing, services, { size, plan, queries, tell })
    wipe()
    result.sizes.push(figures)
    console.log(sizeReport(figures, earlier))
  }
  const [small, large] = [result.sizes[0], result.sizes.at(-1)]
  if (small && large && small !== large) console.log(growthReport(small, large))
  console.log(`\nkept as ${keep(result)}`)
  return errorsIn(result) === 0 ? 0 : 1
}

function errorsIn({ sizes }: Result): number {
  const counts = sizes.flatMap(({ limits, targets, queries, logins, orders }) => [
    logins.failed,
    ...[...limits, ...targets].map(({ failed, broken }) => failed + broken),
    ...queries.map(({ failed }) => failed),
    orders.failed,
  ])
  return counts.reduce((sum, count) => sum + count, 0)
}

try {
  process.exitCode = await Promise.race([bench(), interruption()])
} catch (error) {
  wipe()
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await closing.close()
}
