import { seedListings } from '../seeds/volume/index.js'
import { signInBuyers } from './accounts.js'
import { type Closing, createClosing } from './closing.js'
import { coursesOf, LIMITS } from './courses.js'
import { type QueryFigure, timeEachQuery } from './each-query.js'
import { pairedRatio } from './figures.js'
import { startHouse } from './house.js'
import { type LoginFigures, measureLogins } from './logins.js'
import type { Plan } from './options.js'
import { type OrderFigures, runOrders } from './order-flow/run-orders.js'
import { runRounds } from './rounds.js'
import { createDatabase, type Services, settle } from './services.js'
import { countStatements } from './statements.js'
import { type CourseFigures, summary } from './summary.js'
import { SIGNED_IN, takeSample, targetsOf } from './targets.js'

/** Everything measured at one size of the catalogue. */
export type SizeFigures = {
  size: number
  limits: CourseFigures[]
  targets: CourseFigures[]
  /** Times the cost of `detail` for a stranger. */
  signedIn: number
  logins: LoginFigures
  queries: QueryFigure[]
  orders: OrderFigures
}

type Tell = (line: string) => void

/** A database, a system and limits of its own for one size; all of it is gone when the figures are there. */
export async function measureSize(
  outer: Closing,
  services: Services,
  { size, plan, queries, tell }: { size: number; plan: Plan; queries: string[]; tell: Tell },
): Promise<SizeFigures> {
  const closing = createClosing(outer)
  try {
    const database = await createDatabase(closing, services, `bench_${size}`)
    const start = performance.now()
    const seeded = await seedListings(database.ownerUrl, { count: size, environment: 'test' })
    await settle(database)
    const seconds = ((performance.now() - start) / 1_000).toFixed(0)
    tell(`catalogue of ${size} in ${seconds} s, its rows by COPY at ${seeded.rowsPerSecond} a second`)
    const sample = await takeSample(database.ownerUrl)
    const house = await startHouse(closing, services, database)
    const statements = await countStatements(closing, database)
    const [token = ''] = await signInBuyers(house.env, database, 1)
    const targets = targetsOf(sample, queries, token)

    const courses = await coursesOf(closing, services, database, house, targets, sample)
    const measured = await runRounds(closing, courses, plan, statements, tell)
    const rounds = summary(measured)
    const speeds = (name: string) => (measured.get(name) ?? []).map(round => round.perSecond)
    tell('logins')
    const logins = await measureLogins(closing, house, plan)
    tell('each query alone')
    const alone = await timeEachQuery(house.apiUrl, queries, plan.tries)
    tell('orders')
    const orders = await runOrders(
      closing,
      services,
      database,
      { house, statements, plan },
      { queries, listingIds: sample.buyable },
    )
    const isLimit = (name: string) => Object.values<string>(LIMITS).includes(name)
    return {
      size,
      limits: rounds.filter(({ name }) => isLimit(name)),
      targets: rounds.filter(({ name }) => !isLimit(name)),
      signedIn: pairedRatio(speeds('detail'), speeds(SIGNED_IN)),
      logins,
      queries: alone,
      orders,
    }
  } finally {
    await closing.close()
  }
}
