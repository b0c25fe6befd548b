import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { freePort } from '../../api/embedded/loopback.js'
import { seedListings } from '../../seeds/volume/index.js'
import { signInBuyers } from '../accounts.js'
import { start } from '../child.js'
import { createClosing, interruption } from '../closing.js'
import { stagingEnvironment } from '../environment.js'
import { atLeast, MARKS } from '../marks.js'
import { seeded } from '../random.js'
import { createDatabase, settle, startServices } from '../services.js'
import { assertWrk } from '../wrk.js'
import { measureIntake } from './intake.js'
import { weather } from './storm.js'

/**
 * `npm run bench:webhooks -- [--events 10000] [--seed 1] [--only intake|storm]`: how many deliveries a second are
 * stored before they are answered, beside the limit; and whether each of many events, delivered three times while
 * the worker is killed, has exactly one effect. Exit code 1 where it has not.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})
const closing = createClosing()
const tell = (line: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`)
}

async function bench(): Promise<number> {
  if (values.only !== 'storm') assertWrk()
  // what is promised is that an event is on the disk before it is answered: so is the limit's row
  const services = await startServices(closing, { isDurable: true })
  const database = await createDatabase(closing, services, 'bench_webhooks')
  await seedListings(database.ownerUrl, { count: 1_000, environment: 'test' })
  await settle(database)
  const log = (name: string) => path.join(services.folder, `${name}.log`)
  const charges = await start(closing, 'bench/webhooks/charges.js', {}, log('charges'), /listening on (\S+)/)
  const secretKey = 'sk_test_of_the_bench'
  const env = stagingEnvironment({
    DATABASE_URL: database.url,
    REDIS_URL: services.redisUrl,
    TAP_API_URL: `${charges.said[1]}/v2`,
    TAP_SECRET_KEY: secretKey,
    STORAGE_URL: pathToFileURL(path.join(services.folder, 'files')).href,
    PORT: String(await freePort()),
  })
  const apiUrl = env.API_URL as string
  await start(closing, 'api/server.js', env, log('api'), /"api_listening"/)
  let isWrong = false

  if (values.only !== 'storm') {
    const insert = await start(
      closing,
      'bench/limits/insert.js',
      { NODE_ENV: 'production', DATABASE_URL: database.ownerUrl },
      log('insert'),
      /listening on (\d+)/,
    )
    const insertUrl = `http://127.0.0.1:${insert.said[1]}`
    const plan = values.quick ? { rounds: 3, seconds: 2 } : { rounds: 5, seconds: 4 }
    const seen = await measureIntake(closing, services.folder, { apiUrl, insertUrl, secretKey }, plan)
    const verdict = atLeast(seen.ratio, MARKS.intake)
    console.log(
      `webhook intake: ${seen.perSecond.toFixed(0)}/s, p99 ${seen.p99Ms.toFixed(1)} ms; Koa with one prepared insert ` +
        `${seen.insertPerSecond.toFixed(0)}/s; ratio ${seen.ratio.toFixed(2)}, ${verdict.text}; failed ${seen.failed}`,
    )
    isWrong ||= seen.failed > 0
  }
  if (values.only !== 'intake') {
    const stormy = await createDatabase(closing, services, 'bench_storm')
    await seedListings(stormy.ownerUrl, { count: 1_000, environment: 'test' })
    const own = { ...env, DATABASE_URL: stormy.url, PORT: String(await freePort()), REDIS_PREFIX: 'storm' }
    const ownUrl = `http://127.0.0.1:${own.PORT}`
    await signInBuyers(own, stormy, 1)
    await start(closing, 'api/server.js', { ...own, API_URL: ownUrl }, log('storm-api'), /"api_listening"/)
    const startWorker = () =>
      start(closing, 'api/worker.js', { ...own, API_URL: ownUrl }, log('worker'), /"worker_started"/)
    const seen = await weather(
      stormy,
      { apiUrl: ownUrl, secretKey, startWorker },
      { events: Number(values.events), random: seeded(Number(values.seed)), tell },
    )
    console.log(
      `${seen.events} events in ${seen.deliveries} deliveries, the worker killed ${seen.kills} times: ` +
        `${seen.wrong.length === 0 ? 'exactly one effect each' : seen.wrong.join('; ')} (${seen.seconds.toFixed(0)} s, seed ${values.seed})`,
    )
    isWrong ||= seen.wrong.length > 0
  }
  return isWrong ? 1 : 0
}

try {
  process.exitCode = await Promise.race([bench(), interruption()])
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await closing.close()
}
