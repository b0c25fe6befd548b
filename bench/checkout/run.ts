import { parseArgs } from 'node:util'
import { seedListings } from '../../seeds/volume/index.js'
import { withClient } from '../../test/support/template.js'
import { signInBuyers } from '../accounts.js'
import { createClosing, interruption } from '../closing.js'
import { median, quantile } from '../figures.js'
import { startHouse } from '../house.js'
import { createDatabase, type Database, settle, startServices } from '../services.js'
import { countStatements, type Statements } from '../statements.js'
import { createShopper, type Step } from './shopper.js'
import { prepareTpcb } from './tpcb.js'

/**
 * `npm run bench:checkout -- [--rounds 5] [--seconds 4] [--buyers 8]`: a checkout in two requests (POST /orders with one
 * line, POST /payments against the provider's stand-in), how many a second and with how many statements, beside as many
 * clients of pgbench on the same server where pgbench is there. Every commit is on the disk before it is answered.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    buyers: { type: 'string', default: '8' },
  },
})
const closing = createClosing()

async function bench(): Promise<number> {
  const [rounds, seconds, buyers] = [Number(values.rounds), Number(values.seconds), Number(values.buyers)]
  const services = await startServices(closing, { isDurable: true })
  const database = await createDatabase(closing, services, 'bench_checkout')
  await seedListings(database.ownerUrl, { count: 1_000, environment: 'test' })
  const listingIds = await stocked(database)
  await settle(database)
  const tpcb = await prepareTpcb(closing, services, buyers)
  const house = await startHouse(closing, services, database)
  const shopper = createShopper(house.apiUrl, await signInBuyers(house.env, database, buyers), listingIds)
  const statements = await countStatements(closing, database)
  try {
    const seen = await shopper.shop(seconds) // warm-up
    const [own, theirs, ms]: [number[], number[], number[]] = [[], [], []]
    const failures = [...seen.failures]
    let [checkouts, sent] = [0, 0]
    for (let round = 0; round < rounds; round++) {
      const before = await statements.count()
      const shopped = await shopper.shop(seconds)
      const after = await statements.count()
      if (before !== undefined && after !== undefined) sent += after - before
      checkouts += shopped.checkouts
      own.push(shopped.checkouts / shopped.seconds)
      ms.push(...shopped.ms)
      failures.push(...shopped.failures)
      if (tpcb) theirs.push(await tpcb(seconds))
    }
    const steps = await statementsOfSteps(shopper, statements)
    console.log(
      `checkouts: ${median(own).toFixed(0)}/s by ${buyers} buyers, p50 ${quantile(ms, 0.5).toFixed(0)} ms, ` +
        `p99 ${quantile(ms, 0.99).toFixed(0)} ms; ${sent > 0 ? `${(sent / checkouts).toFixed(1)} statements each` : 'statements not counted'}` +
        `${steps ? ` (alone: order ${steps.order}, payment ${steps.payment})` : ''}; failed ${failures.length}`,
    )
    console.log(
      theirs.length > 0
        ? `pgbench TPC-B: ${median(theirs).toFixed(0)}/s by ${buyers} clients, 7 statements each (transactions count)`
        : 'pgbench is not here: no TPC-B beside it (sudo apt-get install postgresql-contrib)',
    )
    for (const failure of [...new Set(failures)].slice(0, 5)) console.log(failure)
    return failures.length > 0 ? 1 : 0
  } finally {
    shopper.close()
  }
}

/** Of one checkout while nobody else asks for anything. */
async function statementsOfSteps(
  shopper: ReturnType<typeof createShopper>,
  statements: Statements,
): Promise<Record<Step, number> | undefined> {
  await statements.quiet()
  let last = await statements.count()
  if (last === undefined) return undefined
  const counts = { order: 0, payment: 0 }
  await shopper.once(async step => {
    const now = (await statements.count()) ?? 0
    counts[step] = now - (last ?? 0)
    last = now
  })
  return counts
}

/** Parts that no run sells out. */
function stocked({ ownerUrl }: Database): Promise<string[]> {
  return withClient(ownerUrl, async client => {
    const { rows } = await client.query(
      `update listings set stock = 100000 where status = 'ACTIVE' and stock > 0 returning id`,
    )
    return rows.map(row => row.id)
  })
}

try {
  process.exitCode = await Promise.race([bench(), interruption()])
} catch (error) {
  console.error(error instanceof Error ? error.stack : error)
  process.exitCode = 1
} finally {
  await closing.close()
}
