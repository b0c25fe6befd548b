import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { Redis } from 'ioredis'
import { minutes } from '../../api/platform/clock.js'
import { dispatchOnce } from '../../api/platform/dispatcher.js'
import { newId } from '../../api/platform/ids.js'
import { connectQueues, createProducer } from '../../api/platform/queue.js'
import { CONCURRENCY } from '../../api/platform/queue-rules.js'
import { isTopic, LANE_OF } from '../../api/platform/topics.js'
import { useScratch } from '../embedded/scratch.js'
import { bareEnvironment } from '../support/command.js'
import { useContext } from '../support/context.js'
import { redisUrl as sharedRedisUrl } from '../support/database.js'
import { endLeasesOf } from '../support/effects.js'
import { waitingForLocks } from '../support/locks.js'
import { type RestartableRedis, restartableRedis } from '../support/restartable-redis.js'
import { pay, place, statusOf } from '../support/shopping.js'
import { addWork, aWorker, eventually } from '../support/worker.js'

type Worker = ReturnType<typeof aWorker>

/** What handlers were given, in the order of their calls. */
function aRecorder() {
  const seen: string[] = []
  return {
    seen,
    handle: async (id: string) => void seen.push(id),
    times: (id: string) => seen.filter(one => one === id).length,
  }
}

/** A gate that handlers wait at. */
function aGate() {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { opened, open: () => open() }
}

describe('a worker', function () {
  this.timeout(60_000)
  const t = useContext()
  const workers: Worker[] = []
  const start = (handle: (id: string, signal: AbortSignal) => Promise<void>) => {
    const worker = aWorker(t.context, { redisUrl: sharedRedisUrl(), handle })
    workers.push(worker)
    return worker
  }
  const waiting = async () => Number((await t.db('outbox').whereNull('done_at').count('* as n'))[0]?.n)
  afterEach(async () => {
    await Promise.all(workers.splice(0).map(worker => worker.close()))
    await t.owner('outbox').delete()
    t.clock.reset()
  })

  it('does each piece of work in the outbox once', async () => {
    const recorder = aRecorder()
    start(recorder.handle)
    const ids = await addWork(t.context, 120)
    await eventually('all of it done', async () => (await waiting()) === 0)
    expect([...recorder.seen].sort()).to.deep.equal([...ids].sort())
  })

  it('leaves nothing of it in Redis', async () => {
    const redis = new Redis(sharedRedisUrl())
    const key = (name: string) => `{${t.env.REDIS_PREFIX}}:orders:${name}`
    start(async () => undefined)
    await addWork(t.context, 20)
    await eventually('all of it done', async () => (await waiting()) === 0)
    await eventually('Redis empty', async () => {
      const sizes = await Promise.all([
        redis.hlen(key('jobs')),
        redis.llen(key('active')),
        redis.llen(key('waiting')),
        redis.scard(key('succeeded')),
        redis.scard(key('failed')),
      ])
      return sizes.every(size => size === 0)
    })
    redis.disconnect()
  })

  it('two at once do each piece once', async () => {
    const recorder = aRecorder()
    start(recorder.handle)
    start(recorder.handle)
    const ids = await addWork(t.context, 120)
    await eventually('all of it done', async () => (await waiting()) === 0)
    expect([...recorder.seen].sort()).to.deep.equal([...ids].sort())
  })

  it('tries again what failed, and keeps the reason meanwhile', async () => {
    const recorder = aRecorder()
    const gate = aGate()
    start(async id => {
      await recorder.handle(id)
      if (recorder.times(id) === 1) throw new Error('the provider is away')
      await gate.opened
    })
    const [id] = await addWork(t.context)
    await eventually('a second try', () => recorder.times(id as string) === 2)
    expect((await t.db('outbox').first('last_error')).last_error).to.equal('the provider is away')
    gate.open()
    await eventually('it done', async () => (await waiting()) === 0)
    expect((await t.db('outbox').first('last_error')).last_error).to.equal(null)
  })

  it('hands over anew what failed every time', async function () {
    this.timeout(60_000)
    const recorder = aRecorder()
    let isMended = false
    start(async id => {
      await recorder.handle(id)
      if (!isMended) throw new Error('a bug')
    })
    const [id] = await addWork(t.context)
    await eventually('three tries', () => recorder.times(id as string) === 3)
    expect(await waiting()).to.equal(1)
    isMended = true
    t.clock.advance(minutes(5))
    await eventually('it done', async () => (await waiting()) === 0)
  })

  it('finishes what is running before it closes, and starts nothing more', async () => {
    const gate = aGate()
    const started = aRecorder()
    const finished = aRecorder()
    const worker = start(async id => {
      await started.handle(id)
      await gate.opened
      await finished.handle(id)
    })
    await addWork(t.context, 8)
    await eventually('as many running as may', () => started.seen.length === 5)
    let isClosed = false
    const closed = worker.close().then(() => {
      isClosed = true
    })
    await new Promise(resolve => setImmediate(resolve))
    expect(isClosed).to.equal(false)
    gate.open()
    await closed
    expect(finished.seen).to.have.length(5).and.to.deep.equal(started.seen)
    expect(await waiting()).to.equal(3)
  })

  it('does the work of every topic, and takes from every lane', async () => {
    const done: string[] = []
    const worker = aWorker(t.context, {
      redisUrl: sharedRedisUrl(),
      handle: async () => void done.push('webhook_received'),
      others: async topic => void done.push(topic),
    })
    workers.push(worker)
    const topics = Object.keys(LANE_OF).filter(isTopic)
    for (const topic of topics)
      await t.db.transaction(trx => t.services.outbox.add(trx, topic, { name: 'none' } as never))
    await t.db('outbox').insert({ id: newId(), lane: 'analytics', topic: 'order_paid', payload: '{}' })
    await eventually('all of it done', async () => (await waiting()) === 0)
    const handled = topics.filter(topic => topic !== 'recurring_due')
    expect(done.sort()).to.deep.equal([...handled, 'order_paid'].sort())
    expect(t.log.of('recurring_unknown')).to.have.length(1)
  })

  it('sends a code ahead of all other SMS, however many wait and hang', async () => {
    const gate = aGate()
    const begun: string[] = []
    const worker = aWorker(t.context, {
      redisUrl: sharedRedisUrl(),
      handle: async () => undefined,
      others: async topic => {
        begun.push(topic)
        if (topic === 'sms_due') await gate.opened
      },
    })
    workers.push(worker)
    const due = { template: 'x', userId: newId(), challengeId: null }
    for (let count = 0; count < 20; count++)
      await t.db.transaction(trx => t.services.outbox.add(trx, 'sms_due', due))
    await eventually('as many as may hang', () => begun.length === CONCURRENCY.sms)
    await t.db.transaction(trx => t.services.outbox.add(trx, 'code_due', due))
    await eventually('the code sent', () => begun.at(-1) === 'code_due')
    gate.open()
    await eventually('all of it done', async () => (await waiting()) === 0)
    expect(begun.filter(topic => topic === 'sms_due')).to.have.length(20)
  })

  it('keeps nothing about anybody in Redis, whatever fails', async () => {
    const redis = new Redis(sharedRedisUrl())
    const worker = aWorker(t.context, {
      redisUrl: sharedRedisUrl(),
      handle: async () => undefined,
      others: async () => Promise.reject(new Error('no letter for sara@example.sa')),
    })
    workers.push(worker)
    await t.db.transaction(trx =>
      t.services.outbox.add(trx, 'password_reset_asked', { email: 'sara@example.sa' }),
    )
    const keys = async () => (await redis.keys('*')).filter(key => key.includes(t.env.REDIS_PREFIX as string))
    const tries = async () => (await t.db('outbox').first('tries')).tries
    await eventually('a second try', async () => (await tries()) >= 2)
    const contents = await Promise.all((await keys()).map(key => redis.dumpBuffer(key)))
    expect(Buffer.concat(contents.map(text => text ?? Buffer.alloc(0))).includes('sara')).to.equal(false)
    await eventually(
      'it stands failed',
      async () => (await t.db('outbox').first('failed_at')).failed_at !== null,
    )
    await eventually(
      'no job of it in Redis',
      async () => (await redis.hlen(`{${t.env.REDIS_PREFIX}}:email:jobs`)) === 0,
    )
    // queues, locks and (elsewhere) caches and limits have names of their own: clearing one clears no other
    for (const key of await keys()) expect(key).to.match(new RegExp(`^\\{${t.env.REDIS_PREFIX}\\}:`))
    redis.disconnect()
  })

  it('gives a handler a signal for the end of its time', async () => {
    let given: AbortSignal | undefined
    start(async (_id, signal) => {
      given = signal
    })
    await addWork(t.context)
    await eventually('it done', async () => (await waiting()) === 0)
    expect(given).to.be.instanceOf(AbortSignal)
    expect(given?.aborted).to.equal(false)
  })
})

describe('a worker and a Redis that comes and goes', function () {
  this.timeout(60_000)
  const t = useContext()
  const scratch = useScratch()
  const workers: Worker[] = []
  let redis: RestartableRedis
  let recorder: ReturnType<typeof aRecorder>

  const start = (handle: (id: string) => Promise<void> = recorder.handle) => {
    const worker = aWorker(t.context, { redisUrl: redis.url, handle })
    workers.push(worker)
    return worker
  }
  const close = () => Promise.all(workers.splice(0).map(worker => worker.close()))
  const waiting = async () => Number((await t.db('outbox').whereNull('done_at').count('* as n'))[0]?.n)
  const allDone = () => eventually('all of it done', async () => (await waiting()) === 0)
  const say = async (...command: [string, ...string[]]) => {
    const client = new Redis(redis.url)
    try {
      return await client.call(...command)
    } finally {
      client.disconnect()
    }
  }

  before(async () => {
    redis = await restartableRedis(scratch.path('redis'))
  })
  after(() => redis?.remove())
  beforeEach(() => {
    recorder = aRecorder()
    t.log.lines.length = 0
  })
  afterEach(async () => {
    await close()
    await t.owner('outbox').delete()
    t.clock.reset()
  })

  it('goes on after its scripts were forgotten', async () => {
    start()
    const [first] = await addWork(t.context)
    await allDone()
    await say('SCRIPT', 'FLUSH')
    const [second] = await addWork(t.context)
    await allDone()
    expect(recorder.seen).to.deep.equal([first, second])
  })

  it('goes on after a restart of Redis, with its data', async () => {
    start()
    const before = await addWork(t.context, 5)
    await allDone()
    await redis.kill()
    const during = await addWork(t.context, 5)
    await redis.start()
    const after = await addWork(t.context, 5)
    await allDone()
    expect([...recorder.seen].sort()).to.deep.equal([...before, ...during, ...after].sort())
  })

  it('loses nothing when Redis comes back without its data, jobs still in it', async () => {
    const queues = connectQueues({
      redisUrl: redis.url,
      prefix: t.env.REDIS_PREFIX as string,
      logger: t.log,
    })
    const producer = createProducer(queues)
    await eventually('a connection', () => producer.isReady())
    const ids = await addWork(t.context, 5)
    expect((await dispatchOnce(t.services.outbox, producer, t.log)).moved).to.equal(5)
    queues.disconnect()
    await redis.kill()
    redis.loseData()
    await redis.start()
    start()
    await allDone()
    expect([...recorder.seen].sort()).to.deep.equal([...ids].sort())
  })

  it('loses nothing to FLUSHALL while it works', async () => {
    const gate = aGate()
    start(async id => {
      await recorder.handle(id)
      await gate.opened
    })
    const ids = await addWork(t.context, 20)
    await eventually('as many running as may', () => recorder.seen.length === 5)
    await say('FLUSHALL')
    gate.open()
    await allDone()
    expect([...recorder.seen].sort()).to.deep.equal([...ids].sort())
  })

  it('with Redis away at its start neither ends nor hangs, and recovers', async () => {
    await redis.kill()
    start()
    const ids = await addWork(t.context, 5)
    await eventually('it noticed', () => t.log.of('queue_error').length > 0)
    await redis.start()
    await allDone()
    expect([...recorder.seen].sort()).to.deep.equal([...ids].sort())
  })

  it('takes no tries from the work while Redis is away, however long', async () => {
    await redis.kill()
    start()
    await addWork(t.context, 3)
    await eventually('it noticed', () => t.log.of('queue_error').length > 0)
    t.clock.advance(minutes(10))
    await redis.start()
    await allDone()
    expect(await t.db('outbox').pluck('hand_overs')).to.deep.equal([1, 1, 1])
  })

  it('that went away under every running handler, keeps all its places', async () => {
    const gate = aGate()
    start(async id => {
      await recorder.handle(id)
      await gate.opened
    })
    await addWork(t.context, 5)
    await eventually('as many running as may', () => recorder.seen.length === 5)
    await redis.kill()
    gate.open()
    await eventually('their work done', async () => (await waiting()) === 0)
    await redis.start()
    await addWork(t.context, 20)
    await allDone()
  })

  it('closes while Redis is away, its handlers finished', async () => {
    const gate = aGate()
    const finished = aRecorder()
    start(async id => {
      await recorder.handle(id)
      await gate.opened
      await finished.handle(id)
    })
    await addWork(t.context, 2)
    await eventually('both running', () => recorder.seen.length === 2)
    await redis.kill()
    const closed = close()
    gate.open()
    await closed
    expect(finished.seen).to.have.length(2)
    await redis.start()
  })

  it('closes while Redis does not answer', async () => {
    start()
    await addWork(t.context)
    await allDone()
    redis.freeze()
    await addWork(t.context, 3)
    await close()
    redis.thaw()
    start()
    t.clock.advance(minutes(3))
    await allDone()
  })

  it('says when Redis would throw jobs away', async () => {
    await say('CONFIG', 'SET', 'maxmemory', '100mb')
    await say('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru')
    start()
    await eventually('it said so', () => t.log.of('redis_evicts').length === 1)
    await say('CONFIG', 'SET', 'maxmemory-policy', 'noeviction')
  })

  it('says once that Redis is away, and that it is back', async () => {
    start()
    await addWork(t.context)
    await allDone()
    await redis.kill()
    await eventually('it noticed', () => t.log.of('queue_error').length > 0)
    await redis.start()
    await eventually('both sides back', () => t.log.of('queue_back').length === 1)
    expect(t.log.of('queue_error')).to.have.length(1)
  })
})

describe('a worker process', function () {
  this.timeout(60_000)
  const t = useContext()

  it('killed in the middle of a job leaves it to another', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const payment = await pay(t, checkout.id)
    t.sandbox.control.payments.approve(payment.chargeId)
    await t.sandbox.control.webhooks.idle()
    // its job waits at the row of the payment, which the test holds
    const first = spawnWorker(t.env)
    await t.owner.transaction(async trx => {
      await trx('payments').where({ id: payment.id }).forUpdate().first()
      await eventually('its job at work', async () => (await waitingForLocks(t)) > 0)
      first.kill('SIGKILL')
      await once(first, 'exit')
    })
    const second = spawnWorker(t.env)
    // the dead worker's leases on the job and on the event would run out by themselves: they are made to
    await t.owner('webhook_events').update({ locked_until: new Date(0) })
    await endLeasesOf(t.owner, first.pid as number)
    const isPaid = async () => (await statusOf(t, 'orders', { checkout_id: checkout.id })) === 'PAID'
    await eventually('the order paid', isPaid)
    await eventually('its invoice issued', async () => (await t.db('invoices')).length === 1)
    second.kill('SIGTERM')
    const [code] = await once(second, 'exit')
    expect(code).to.equal(0)
  })
})

/** `api/worker.ts` as a process of its own. */
function spawnWorker(env: Record<string, string>): ChildProcess {
  const file = fileURLToPath(new URL('../../api/worker.js', import.meta.url))
  return spawn(process.execPath, [file], { env: bareEnvironment(env), stdio: 'ignore' })
}
