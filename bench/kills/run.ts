import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '../../api/embedded/loopback.js'
import { seedListings } from '../../seeds/volume/index.js'
import { withClient } from '../../test/support/template.js'
import { signInBuyers } from '../accounts.js'
import { type Running, root, run, start } from '../child.js'
import { createClosing, interruption } from '../closing.js'
import { stagingEnvironment } from '../environment.js'
import { seeded } from '../random.js'
import { createDatabase, type Database, startServices } from '../services.js'
import { wrongInBooks } from './books.js'
import { type Shopped, shop } from './shopper.js'

/**
 * `npm run bench:kills -- [--moments 50] [--seed 1]`: buyers order, pay and cancel while the API or the worker is killed
 * (SIGKILL) at so many moments and started again. When all is quiet, and the books were put beside the providers',
 * stock, orders, payments, refunds and invoices must add up. Exit code 1 where they do not; a seed repeats its run.
 */
const { values } = parseArgs({
  options: {
    moments: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
    buyers: { type: 'string', default: '6' },
  },
})
const STOCK = 100_000
const LISTINGS = 20
const QUIET_MS = 8 * 60_000
const closing = createClosing()
const tell = (line: string) => process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`)

async function bench(): Promise<number> {
  const random = seeded(Number(values.seed))
  const services = await startServices(closing, { isDurable: true })
  const database = await createDatabase(closing, services, 'bench_kills')
  await seedListings(database.ownerUrl, { count: 1_000, environment: 'test' })
  const listingIds = await stocked(database)
  const log = (name: string) => path.join(services.folder, `${name}.log`)
  const port = String(await freePort())
  const account = {
    TAP_SECRET_KEY: 'sk_test_of_the_bench',
    HYPERPAY_ACCESS_TOKEN: randomBytes(16).toString('hex'),
    HYPERPAY_WEBHOOK_SECRET: randomBytes(32).toString('hex'),
  }
  const webhookUrl = `http://127.0.0.1:${port}/api/v1/webhooks/hyperpay`
  const provider = await start(
    closing,
    'bench/kills/provider.js',
    { ...account, HYPERPAY_WEBHOOK_URL: webhookUrl },
    log('provider'),
    /listening on (\S+)/,
  )
  const providerUrl = provider.said[1] as string
  const env: Record<string, string> = {
    ...stagingEnvironment({
      DATABASE_URL: database.url,
      REDIS_URL: services.redisUrl,
      TAP_API_URL: `${providerUrl}/v2`,
      TAP_SECRET_KEY: account.TAP_SECRET_KEY,
      STORAGE_URL: pathToFileURL(path.join(services.folder, 'files')).href,
      PORT: port,
    }),
    ...account,
    HYPERPAY_API_URL: providerUrl,
    HYPERPAY_ENTITY_ID: 'cards',
  }
  const apiUrl = env.API_URL as string
  const startOf = {
    api: () => start(closing, 'api/server.js', env, log('api'), /"api_listening"/),
    worker: () => start(closing, 'api/worker.js', env, log('worker'), /"worker_started"/),
  }
  const alive: Record<keyof typeof startOf, Running> = {
    api: await startOf.api(),
    worker: await startOf.worker(),
  }

  const tokens = await signInBuyers(env, database, Number(values.buyers))
  let isOver = false
  const shopping = tokens.map((token, at) =>
    shop({ apiUrl, providerUrl, listingIds, random }, token, `buyer-${at}`, () => isOver),
  )
  const moments = Number(values.moments)
  for (let moment = 1; moment <= moments; moment++) {
    await wait(150 + random() * 1_200)
    const who = random() < 0.5 ? 'api' : 'worker'
    tell(`moment ${moment}/${moments}: ${who}`)
    process.kill(alive[who].pid, 'SIGKILL')
    await alive[who].stop()
    alive[who] = await startOf[who]()
  }
  isOver = true
  const seen = await Promise.all(shopping)
  console.log(`${moments} kills, seed ${values.seed}: ${said(seen)}`)

  await quiet(database)
  const cli = path.join(root, 'bin/run.js')
  const reconcile = () =>
    run(closing, process.execPath, [cli, 'webhooks:reconcile', '--since', '1d', '--apply', '--json'], env)
  const first = JSON.parse((await reconcile()).stdout)
  await quiet(database)
  const second = await reconcile()
  console.log(
    `reconciled: ${first.looked} looked at, ${first.differences.length} differed; then exit ${second.code}`,
  )
  const wrong = await withClient(database.ownerUrl, client =>
    wrongInBooks(client, providerUrl, { listingIds, stock: STOCK }),
  )
  if (second.code !== 0) wrong.push(`something still differs: ${second.stdout}`)
  console.log(wrong.length === 0 ? 'the books add up' : wrong.join('\n'))
  return wrong.length === 0 ? 0 : 1
}

function said(seen: Shopped[]): string {
  const sum = (name: 'placed' | 'paid' | 'declined' | 'cancelled') =>
    seen.reduce((total, each) => total + each[name], 0)
  const odd = seen.flatMap(each => each.odd)
  const counts: Record<string, number> = {}
  for (const each of odd) counts[each] = (counts[each] ?? 0) + 1
  return `${sum('placed')} orders placed, ${sum('paid')} paid, ${sum('declined')} declined, ${sum('cancelled')} cancelled; other answers ${JSON.stringify(counts)}`
}

function stocked({ ownerUrl }: Database): Promise<string[]> {
  return withClient(ownerUrl, async client => {
    const { rows } = await client.query(
      `update listings set stock = $1, status = 'ACTIVE'
       where id in (select id from listings order by id limit $2) returning id`,
      [STOCK, LISTINGS],
    )
    return rows.map(row => row.id)
  })
}

/** Until nothing is left to be done (e-mail waits here for somebody who carries it): leases of the killed run out within two minutes, and their work is taken up. */
async function quiet({ ownerUrl }: Database): Promise<void> {
  const deadline = performance.now() + QUIET_MS
  await withClient(ownerUrl, async client => {
    for (;;) {
      const { rows } = await client.query(
        `select (select count(*) from outbox where done_at is null and failed_at is null and lane = 'orders')
              + (select count(*) from webhook_events where status <> 'processed') as left`,
      )
      if (Number(rows[0].left) === 0) return
      if (performance.now() > deadline) return
      await wait(1_000)
    }
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
