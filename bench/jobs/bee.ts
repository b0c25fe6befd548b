import BeeQueue from 'bee-queue'
import { connectQueueRedis } from '../../api/platform/queue-redis.js'

/**
 * bee-queue alone, with jobs that do nothing: `own` on the client it brings along, `adapter` on ours. Stores the jobs,
 * then works them off, as many at once as said, and prints the jobs a second of each.
 */
const [kind, url, count, concurrency] = process.argv.slice(2) as [string, string, string, string]
const adapter = kind === 'adapter' ? connectQueueRedis(url, error => console.error(error.message)) : undefined
const settings = {
  prefix: `{bench-${kind}-${process.pid}}`,
  redis: (adapter?.client ?? url) as unknown as NonNullable<BeeQueue.QueueSettings['redis']>,
  getEvents: false,
  sendEvents: false,
  storeJobs: false,
  removeOnSuccess: true,
}
const BATCH = 250
const jobs = Number(count)

const producer = new BeeQueue('bench', { ...settings, isWorker: false })
await producer.ready()
const stored = performance.now()
for (let at = 0; at < jobs; at += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, jobs - at) }, (_, n) =>
    producer.createJob({ outboxId: String(at + n) }).setId(String(at + n)),
  )
  await producer.saveAll(batch)
}
const storedPerSecond = jobs / ((performance.now() - stored) / 1_000)

const worker = new BeeQueue('bench', settings)
await worker.ready()
let done = 0
const begun = performance.now()
await new Promise<void>(resolve => {
  worker.on('succeeded', () => {
    done += 1
    if (done === jobs) resolve()
  })
  worker.process(Number(concurrency), async () => undefined)
})
const donePerSecond = jobs / ((performance.now() - begun) / 1_000)
await worker.destroy()
console.log(JSON.stringify({ storedPerSecond, donePerSecond }))
process.exit(0)
