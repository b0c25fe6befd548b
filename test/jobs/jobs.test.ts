import { expect } from 'chai'
import { days, minutes } from '../../api/platform/clock.js'
import { newId } from '../../api/platform/ids.js'
import { KEPT, lanesOf, QUEUES } from '../../api/platform/queue-rules.js'
import type { Topic } from '../../api/platform/topics.js'
import { useContext } from '../support/context.js'
import { ROOM } from '../support/worker.js'

const OPERATOR = { kind: 'operator', name: 'sara' } as const

describe('what is known of jobs', () => {
  const t = useContext()
  const jobs = () => t.services.jobs
  beforeEach(async () => {
    await t.db('outbox').delete()
    await t.db('queue_pauses').delete()
  })
  afterEach(() => t.clock.reset())
  const add = async (topic: Topic = 'order_paid', payload: object = { orderId: newId() }, at?: Date) => {
    await t.db.transaction(trx => t.services.outbox.add(trx, topic, payload as never, at))
    return (await t.db('outbox').orderBy('id', 'desc').first('id')).id as string
  }
  const failed = async (error = 'no luck', at = t.clock.now()) => {
    const id = await add()
    await t.db('outbox').where({ id }).update({ failed_at: at, last_error: error, tries: 25 })
    return id
  }
  const rowOf = (id: string) => t.db('outbox').where({ id }).first()
  const audited = (action: string) => t.owner('audit_log').where({ action }).orderBy('at', 'desc').first()
  const figures = async (queue: string) => (await jobs().queues(OPERATOR)).find(each => each.queue === queue)

  describe('over the API', () => {
    it('is for officers and admins', async () => {
      for (const path of ['queues', 'queues/orders', 'outbox', 'schedule', newId()]) {
        expect((await t.get(`/api/v1/jobs/${path}`)).status, path).to.equal(401)
        for (const as of ['buyer', 'seller', 'finance'] as const)
          expect((await t.get(`/api/v1/jobs/${path}`, { as })).status, `${path} as ${as}`).to.equal(403)
      }
    })

    it('are the figures of all five queues', async () => {
      await add()
      await add('order_paid', { orderId: newId() }, new Date(Date.now() + minutes(5)))
      await failed()
      const { status, body } = await t.get('/api/v1/jobs/queues', { as: 'officer' })
      expect(status).to.equal(200)
      expect(body.queues.map(({ queue }: { queue: string }) => queue)).to.deep.equal([...QUEUES])
      expect(body.queues[2]).to.include({ queue: 'orders', waiting: 1, active: 0, delayed: 1, failed: 1 })
      expect(body.queues[2]).to.include({ completed: 0, retried: 0, stalled: 0, pausedAt: null })
    })

    it('are the jobs of a queue, page by page', async () => {
      const ids: string[] = []
      for (let n = 0; n < 5; n++) ids.unshift(await failed('no luck', new Date(Date.now() + n)))
      const seen: string[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const { body, status }: Awaited<ReturnType<typeof t.get>> = await t.get(
          `/api/v1/jobs/queues/orders?state=failed&limit=2${cursor && `&cursor=${cursor}`}`,
          { as: 'admin' },
        )
        expect(status).to.equal(200)
        seen.push(...body.items.map(({ id }: { id: string }) => id))
        cursor = body.nextCursor
      }
      expect(seen).to.deep.equal(ids)
      const { body } = await t.get('/api/v1/jobs/queues/orders?state=failed&limit=2', { as: 'admin' })
      const foreign = `/api/v1/jobs/queues/orders?state=done&cursor=${body.nextCursor}`
      expect((await t.get(foreign, { as: 'admin' })).status).to.equal(400)
      expect((await t.get('/api/v1/jobs/queues/constructor', { as: 'admin' })).status).to.equal(422)
    })

    it('is a job, without the addresses in it', async () => {
      const id = await add('password_reset_asked', { email: 'sara@example.sa' })
      const { body } = await t.get(`/api/v1/jobs/${id}`, { as: 'officer' })
      expect(body).to.deep.include({
        id,
        queue: 'email',
        state: 'waiting',
        payload: { email: 's…@example.sa' },
      })
      expect((await t.get(`/api/v1/jobs/${newId()}`, { as: 'officer' })).body.code).to.equal('jobs.not_found')
    })

    it('is the outbox, and why things failed', async () => {
      await add()
      await failed('older', new Date(Date.now() - 1_000))
      await failed('newer')
      const { body } = await t.get('/api/v1/jobs/outbox', { as: 'officer' })
      expect(body).to.include({ due: 1, queued: 0, held: 0, later: 0, failed: 2 })
      expect(body.failures).to.have.length(1)
      expect(body.failures[0]).to.include({
        queue: 'orders',
        topic: 'order_paid',
        failed: 2,
        lastError: 'newer',
      })
    })

    it('is the schedule', async () => {
      const { body } = await t.get('/api/v1/jobs/schedule', { as: 'officer' })
      const names = body.jobs.map(({ name }: { name: string }) => name)
      expect(names).to.include.members(['expire-holds', 'forget-jobs', 'refresh-overdue-payments'])
      expect(new Set(names).size).to.equal(names.length)
      for (const job of body.jobs) expect(Date.parse(job.nextAt)).to.be.above(Date.now() - 1_000)
    })
  })

  it('says of each in which state it is', async () => {
    const waiting = await add()
    const delayed = await add('order_paid', {}, new Date(Date.now() + minutes(5)))
    const [active, done, bad] = [await add(), await add(), await failed()]
    await t.services.outbox.claim({ orders: 100 })
    await t
      .db('outbox')
      .where({ id: waiting })
      .update({ queued_at: null, available_at: new Date(0) })
    await t.services.outbox.begin([active], 'w')
    await t.db('outbox').where({ id: done }).update({ done_at: new Date() })
    for (const [state, id] of Object.entries({ waiting, delayed, active, failed: bad, done })) {
      expect((await jobs().get(id, OPERATOR)).state).to.equal(state)
      const listed = await jobs().firstJobs('orders', state as 'done', 10, OPERATOR)
      expect(
        listed.map(job => [job.id, job.state]),
        state,
      ).to.deep.equal([[id, state]])
    }
    expect(await figures('orders')).to.include({ waiting: 1, active: 1, delayed: 1, failed: 1 })
  })

  it('counts both lanes of sms as one queue', async () => {
    const due = { template: 'x', userId: newId(), challengeId: null }
    const [sms, code] = [await add('sms_due', due), await add('code_due', due)]
    expect(await figures('sms')).to.include({ waiting: 2 })
    const listed = await jobs().firstJobs('sms', 'waiting', 10, OPERATOR)
    expect(listed.map(({ id }) => id).sort()).to.deep.equal([sms, code].sort())
  })

  describe('mending', () => {
    it('puts what failed back with all its tries, and says who did', async () => {
      const id = await failed()
      expect(await jobs().retry(id, OPERATOR)).to.include({ outcome: 'put_back', state: 'failed' })
      expect(await rowOf(id)).to.include({ failed_at: null, tries: 0, stalls: 0 })
      expect(await audited('job_retried')).to.include({ object_id: id, actor_name: 'sara' })
      expect((await t.services.outbox.claim(ROOM)).due.map(row => row.id)).to.deep.equal([id])
    })

    it('brings forward what is put off, and leaves alone what runs or is done', async () => {
      const later = await add('order_paid', {}, new Date(Date.now() + minutes(5)))
      expect(await jobs().retry(later, OPERATOR)).to.include({ outcome: 'put_back', state: 'delayed' })
      expect((await t.services.outbox.claim(ROOM)).due).to.have.length(1)
      await t.services.outbox.begin([later], 'w')
      expect(await jobs().retry(later, OPERATOR)).to.include({ outcome: 'unchanged', state: 'active' })
      await t.db('outbox').update({ done_at: new Date(), held_by: null })
      expect(await jobs().retry(later, OPERATOR)).to.include({ outcome: 'unchanged', state: 'done' })
      expect(
        (
          await jobs()
            .retry(newId(), OPERATOR)
            .catch(error => error)
        ).kind,
      ).to.equal('not_found')
    })

    it('chooses by queue, topic and time', async () => {
      const old = await failed('old', new Date(Date.now() - minutes(60)))
      const fresh = await failed()
      const since = new Date(Date.now() - minutes(30))
      const which = { lanes: lanesOf('orders'), topic: 'order_paid' as const, since }
      expect(await jobs().countFailed({ lanes: lanesOf('email') })).to.equal(0)
      expect(await jobs().countFailed(which)).to.equal(1)
      expect(await jobs().retryMany(which, OPERATOR)).to.equal(1)
      expect((await rowOf(fresh)).failed_at).to.equal(null)
      expect((await rowOf(old)).failed_at).to.be.a('date')
    })

    it('pauses a queue, and resumes it', async () => {
      expect(await jobs().pause('sms', OPERATOR)).to.equal(true)
      expect(await jobs().pause('sms', OPERATOR)).to.equal(false)
      expect(await figures('sms')).to.include({ pausedBy: 'sara' })
      await add('code_due', { template: 'x', userId: newId(), challengeId: null })
      const other = await add()
      expect((await t.services.outbox.claim(ROOM)).due.map(({ id }) => id)).to.deep.equal([other])
      expect(await jobs().resume('sms', OPERATOR)).to.equal(true)
      expect(await jobs().resume('sms', OPERATOR)).to.equal(false)
      expect((await t.services.outbox.claim(ROOM)).due).to.have.length(1)
      expect(await audited('queue_paused')).to.include({ object_id: 'sms', actor_name: 'sara' })
      expect(await audited('queue_resumed')).to.include({ object_id: 'sms' })
    })

    it('drains a queue of what has not begun; nothing is lost by it', async () => {
      const [waiting, running] = [await add(), await add()]
      await t.services.outbox.claim(ROOM)
      await t.services.outbox.begin([running], 'w')
      expect(await jobs().countWaiting('orders')).to.equal(1)
      expect(await jobs().drain('orders', OPERATOR)).to.equal(1)
      expect(await rowOf(waiting)).to.include({ last_error: 'drained by sara' })
      expect(await rowOf(running)).to.include({ failed_at: null, held_by: 'w' })
      expect(await t.services.outbox.begin([waiting], 'w'), 'a job that is still in Redis').to.be.empty
      expect(await jobs().retryMany({ lanes: lanesOf('orders') }, OPERATOR)).to.equal(1)
    })

    it('is for staff', async () => {
      const { actor } = await t.accounts.account('buyer')
      const id = await failed()
      for (const attempt of [
        jobs().retry(id, actor),
        jobs().pause('orders', actor),
        jobs().drain('orders', actor),
        jobs().queues(actor),
      ])
        expect((await attempt.catch(error => error)).kind).to.equal('forbidden')
    })
  })

  describe('tidying up', () => {
    const many = (count: number, state: object) =>
      t.db.raw(
        `insert into outbox (id, lane, topic, payload, done_at, failed_at)
         select gen_random_uuid(), 'email', 'message_due', '{}', :done::timestamptz - interval '1 second' * n,
           :failed::timestamptz - interval '1 second' * n from generate_series(1, :count) n`,
        { done: null, failed: null, ...state, count },
      )
    const count = async () => Number((await t.db('outbox').count({ n: '*' }))[0]?.n)

    it('forgets what was done a week ago, but for the newest', async () => {
      await many(7_000, { done: new Date(t.clock.now().getTime() - days(7)) })
      await many(50, { done: t.clock.now() })
      expect(await jobs().forgetOld()).to.equal(7_050 - KEPT.done)
      expect(await count()).to.equal(KEPT.done)
      expect(await jobs().forgetOld()).to.equal(0)
    })

    it('keeps what stands failed for three months, and the newest longer', async () => {
      await many(600, { failed: new Date(t.clock.now().getTime() - days(80)) })
      expect(await jobs().forgetOld()).to.equal(0)
      t.clock.advance(days(11))
      expect(await jobs().forgetOld()).to.equal(600 - KEPT.failed)
    })

    it('touches nothing that is still to be done', async () => {
      await add()
      t.clock.advance(days(365))
      expect(await jobs().forgetOld()).to.equal(0)
      expect(await count()).to.equal(1)
    })
  })

  it('is read and tidied along indexes, however many are done', async () => {
    await t.db.raw(
      `insert into outbox (id, lane, topic, payload, done_at)
       select gen_random_uuid(), 'orders', 'order_paid', '{}', now() - interval '1 second' * n
       from generate_series(1, 30000) n`,
    )
    await t.owner.raw('analyze outbox')
    const planOf = async (sql: string) =>
      (await t.db.raw(`explain (costs off) ${sql}`)).rows
        .map((row: object) => Object.values(row)[0])
        .join('\n')
    const reads = [
      `select id from outbox where lane = 'orders' and done_at is null and failed_at is null
       and available_at <= now() order by available_at limit 100 for update skip locked`,
      `select id from outbox where lane = 'orders' and done_at is not null and done_at < now() - interval '7 days'
       order by done_at limit 5000`,
      "select id from outbox where lane = 'orders' and done_at is not null order by done_at desc, id desc limit 20",
      'select lane, count(*) from outbox where failed_at is not null and done_at is null group by lane',
      'select lane, count(*) from outbox where done_at is null and failed_at is null group by lane',
    ]
    for (const sql of reads)
      expect(await planOf(sql), sql)
        .to.match(/outbox_due|idx_outbox_/)
        .and.not.match(/Seq Scan/)
  })
})
