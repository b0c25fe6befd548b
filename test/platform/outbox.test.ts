import { expect } from 'chai'
import { minutes, seconds } from '../../api/platform/clock.js'
import { dispatchOnce } from '../../api/platform/dispatcher.js'
import { newId } from '../../api/platform/ids.js'
import { NotYet } from '../../api/platform/not-yet.js'
import { LEASE_MS, MOST_STALLS } from '../../api/platform/outbox.js'
import { createPerformer } from '../../api/platform/perform.js'
import type { Producer } from '../../api/platform/queue.js'
import { RULES } from '../../api/platform/queue-rules.js'
import type { Topic, TopicHandlers } from '../../api/platform/topics.js'
import { useContext } from '../support/context.js'
import { atOnce } from '../support/ordering.js'
import { eventually, ROOM } from '../support/worker.js'

describe('the outbox', () => {
  const t = useContext()
  beforeEach(async () => {
    await t.db('outbox').delete()
    t.log.lines.length = 0
  })
  afterEach(() => t.clock.reset())
  const outbox = () => t.services.outbox
  const add = (orderId = newId(), at?: Date) =>
    t.db.transaction(trx => outbox().add(trx, 'order_paid', { orderId }, at))
  const addMessage = () =>
    t.db.transaction(trx =>
      outbox().add(trx, 'message_due', { template: 'x', userId: newId(), challengeId: null }),
    )
  const rows = () => t.db('outbox').orderBy('id')
  const claim = async (room = ROOM) => (await outbox().claim(room)).due
  const producerOf = (add: Producer['add']): Producer => ({
    isReady: () => true,
    look: async () => ({ room: ROOM, isEmptied: false }),
    add,
  })
  const taking = (handed: string[]) =>
    producerOf(async some => {
      handed.push(...some.map(({ id, handOvers }) => `${id}.${handOvers}`))
      return []
    })
  const refusing = producerOf(async some => [['no Redis', some.map(({ id }) => id)]])

  it('holds nothing of a transaction that was rolled back', async () => {
    const undo = new Error('undo')
    await t.db
      .transaction(async trx => {
        await outbox().add(trx, 'order_paid', { orderId: newId() })
        throw undo
      })
      .catch(error => expect(error).to.equal(undo))
    expect(await rows()).to.be.empty
  })

  it('gives each row to one of many who ask at once', async () => {
    for (let count = 0; count < 40; count++) await add()
    const given = (await atOnce(8, () => claim({ orders: 10 }))).flat()
    const rest = await claim()
    expect([...given, ...rest].map(row => row.id).sort()).to.deep.equal((await rows()).map(row => row.id))
  })

  it('gives nothing before it is due', async () => {
    await add(newId(), new Date(t.clock.now().getTime() + minutes(5)))
    expect(await claim()).to.be.empty
    t.clock.advance(minutes(5) + 1)
    expect(await claim()).to.have.length(1)
  })

  it('gives as much of each lane as there is room for', async () => {
    for (let count = 0; count < 3; count++) await add()
    await addMessage()
    expect((await claim({ orders: 2 })).map(({ lane }) => lane)).to.deep.equal(['orders', 'orders'])
    expect((await claim({ email: 5 })).map(({ lane }) => lane)).to.deep.equal(['email'])
    expect(await claim({ sms: 5 })).to.be.empty
    expect(await claim()).to.have.length(1)
  })

  it('gives what nobody began again, with pauses that double to an hour', async () => {
    await add()
    for (let times = 1, pause = minutes(2); times < 9; times++, pause = Math.min(pause * 2, minutes(60))) {
      const [row] = await claim()
      expect(row?.handOvers).to.equal(times)
      t.clock.advance(pause - 1_000)
      expect(await claim(), `after hand-over ${times}`).to.be.empty
      t.clock.advance(2_000)
    }
  })

  it('outlasts a queue that is away for long', async () => {
    await add()
    for (let count = 0; count < 50; count++) {
      expect((await dispatchOnce(outbox(), refusing, t.log)).moved).to.equal(1)
      t.clock.advance(6_000)
    }
    expect((await rows())[0]).to.include({ hand_overs: 0, tries: 0, queued_at: null, last_error: 'no Redis' })
    const handed: string[] = []
    await dispatchOnce(outbox(), taking(handed), t.log)
    expect(handed).to.deep.equal([`${(await rows())[0].id}.1`])
  })

  it('hands over the others when the queue refuses one', async () => {
    await add()
    await add()
    const [bad, good] = await rows()
    await dispatchOnce(
      outbox(),
      producerOf(async () => [['too odd', [bad.id]]]),
      t.log,
    )
    expect(t.log.of('outbox_hand_over_failed')).to.have.length(1)
    const now = Object.fromEntries((await rows()).map(row => [row.id, row]))
    expect(now[bad.id]).to.include({ queued_at: null, last_error: 'too odd' })
    expect(now[good.id].queued_at).to.be.a('date')
  })

  it('gives all that was in the queue again when the queue has lost it, but not what a worker has', async () => {
    await add()
    await add()
    await add(newId(), new Date(t.clock.now().getTime() + minutes(5)))
    const [first, second] = await claim()
    await outbox().begin([first?.id as string], 'a worker')
    expect(await claim()).to.be.empty
    const handed: string[] = []
    const emptied = { ...taking(handed), look: async () => ({ room: ROOM, isEmptied: true }) }
    await dispatchOnce(outbox(), emptied, t.log)
    expect(handed).to.deep.equal([`${second?.id}.2`])
    expect(t.log.of('queue_lost_its_data')[0]?.fields).to.deep.equal({ again: 1 })
  })

  describe('in a worker', () => {
    type Handler = TopicHandlers['order_paid']
    const aPerformer = (handler: Handler, worker = 'one', topic: Topic = 'order_paid') => {
      const handlers = { [topic]: handler } as unknown as TopicHandlers
      const performer = createPerformer({ outbox: outbox(), handlers, logger: t.log, worker })
      performers.push(performer)
      return performer
    }
    const performers: ReturnType<typeof createPerformer>[] = []
    afterEach(() => Promise.all(performers.splice(0).map(performer => performer.close(0))))
    const nothing: Handler = async () => undefined
    const failing: Handler = () => Promise.reject(new Error('not today'))
    const claimed = async () => (await claim())[0]?.id as string

    it('is done once, however often it is handed over', async () => {
      const orderId = newId()
      await add(orderId)
      const id = await claimed()
      const done: string[] = []
      const { perform } = aPerformer(async payload => void done.push(payload.orderId))
      expect(await atOnce(5, () => perform(id))).to.deep.equal(Array(5).fill('over'))
      await perform(id)
      expect(done).to.deep.equal([orderId])
      expect((await rows())[0]).to.include({ tries: 1, held_by: null, queued_at: null })
      expect((await rows())[0].done_at).to.be.a('date')
      t.clock.advance(minutes(60))
      expect(await claim()).to.be.empty
    })

    it('is in the hands of one of two at once', async () => {
      for (let count = 0; count < 20; count++) await add()
      const ids = (await claim()).map(({ id }) => id)
      const done: string[] = []
      const note: Handler = async (_payload, _signal, id) => void done.push(id)
      const [one, other] = [aPerformer(note, 'one'), aPerformer(note, 'two')]
      await Promise.all(ids.flatMap(id => [one.perform(id), other.perform(id)]))
      expect(done.sort()).to.deep.equal(ids.sort())
    })

    it('that fails is the queue’s to bring again, so often, then the outbox’s, so often, then stands failed', async () => {
      await add()
      const { attempts, mostTries } = RULES.orders
      const { perform } = aPerformer(failing)
      for (let tries = 1; tries <= mostTries; tries++) {
        const [row] = tries === 1 || tries > attempts ? await claim() : await rows()
        expect(await perform(row?.id as string), `try ${tries}`).to.equal(tries < attempts ? 'again' : 'over')
        const [now] = await rows()
        expect(now).to.include({ tries, last_error: 'not today', held_by: null, done_at: null })
        expect(now.failed_at === null).to.equal(tries < mostTries)
        if (tries >= attempts) {
          expect(now.queued_at).to.equal(null)
          t.clock.advance(minutes(60))
        }
      }
      expect(await claim()).to.be.empty
      expect(t.log.of('job_failed').at(-1)).to.deep.include({ level: 'error' })
      expect(t.log.of('job_failed').at(-1)?.fields).to.include({ verdict: 'failed', tries: mostTries })
    })

    it('a send is tried as often as its queue says, however often it is handed over', async () => {
      await addMessage()
      let sends = 0
      const sending = async () => {
        sends += 1
        throw new Error('refused')
      }
      const { perform } = aPerformer(sending, 'one', 'message_due')
      for (let handOver = 0; handOver < 12; handOver++) {
        // each time it comes as if the queue had lost what it knew of the tries before
        const id = await claimed()
        if (id) await perform(id)
        t.clock.advance(minutes(61))
      }
      expect(sends).to.equal(RULES.email.attempts)
      expect((await rows())[0].failed_at).to.be.a('date')
    })

    it('that cannot be done yet comes again later, and no try is counted', async () => {
      await addMessage()
      const { perform } = aPerformer(
        () => Promise.reject(new NotYet('nobody there', minutes(5))),
        'one',
        'message_due',
      )
      for (let times = 0; times < 10; times++) {
        expect(await perform(await claimed())).to.equal('over')
        expect((await rows())[0]).to.include({ tries: 0, last_error: 'nobody there', failed_at: null })
        expect(await claim()).to.be.empty
        t.clock.advance(minutes(5))
      }
    })

    it('of a worker that ended is another’s when its lease is over', async () => {
      await add()
      const id = await claimed()
      expect(await outbox().begin([id], 'the dead')).to.have.length(1)
      const done: string[] = []
      const { perform } = aPerformer(async (_payload, _signal, id) => void done.push(id))
      await perform(id)
      expect(done, 'while the lease lasts').to.be.empty
      t.clock.advance(LEASE_MS + 1)
      expect(await claimed()).to.equal(id)
      await perform(id)
      expect(done).to.deep.equal([id])
      expect((await rows())[0]).to.include({ tries: 2, stalls: 1, hand_overs: 2 })
    })

    it('that ends every worker is given to no more of them', async () => {
      await add()
      for (let deaths = 0; deaths < MOST_STALLS; deaths++) {
        const id = await claimed()
        expect(id, `after ${deaths}`).to.be.a('string')
        await outbox().begin([id], `victim ${deaths}`)
        t.clock.advance(LEASE_MS + 1)
      }
      expect((await dispatchOnce(outbox(), taking([]), t.log)).moved).to.equal(0)
      expect((await rows())[0]).to.include({ stalls: MOST_STALLS, held_by: null })
      expect((await rows())[0].failed_at).to.be.a('date')
      expect(t.log.of('job_given_up')).to.have.length(1)
      t.clock.advance(minutes(60))
      expect(await claim()).to.be.empty
    })

    it('that another took over meanwhile is not ended by the first', async () => {
      await add()
      const id = await claimed()
      const [slow] = await outbox().begin([id], 'the slow')
      if (!slow) throw new Error('not begun')
      t.clock.advance(LEASE_MS + 1)
      await claim()
      const [taken] = await outbox().begin([id], 'the slow') // even by the same worker
      expect(taken?.tries).to.equal(2)
      expect(await outbox().finish([slow], 'the slow')).to.be.empty
      expect(await outbox().fail(slow, 'the slow', new Error('late'))).to.equal('lost')
      expect(await outbox().renew([slow], 'the slow')).to.be.empty
      expect((await rows())[0]).to.include({
        done_at: null,
        last_error: 'its worker ended in the middle of it',
      })
      expect(await outbox().finish([taken as never], 'the slow')).to.deep.equal([id])
    })

    it('of an unknown kind fails, of an unknown row is nothing', async () => {
      await add()
      await t.db('outbox').update({ topic: 'constructor' })
      const { perform } = aPerformer(nothing)
      const id = await claimed()
      expect(await perform(id)).to.equal('again')
      expect((await rows())[0].last_error).to.include('no handler')
      expect(await perform(newId())).to.equal('over')
    })

    it('keeps no card number of what went wrong', async () => {
      await add()
      await aPerformer(() => Promise.reject(new Error('4111111111111111 was refused'))).perform(
        await claimed(),
      )
      expect((await rows())[0].last_error).to.not.include('4111111111111111')
    })

    it('does not begin what was paused, though it was on its way', async () => {
      await add()
      const id = await claimed()
      const operator = { kind: 'operator', name: 'test' } as const
      await t.services.jobs.pause('orders', operator)
      const done: string[] = []
      const { perform } = aPerformer(async (_payload, _signal, id) => void done.push(id))
      await perform(id)
      t.clock.advance(minutes(10))
      expect(await claim()).to.be.empty
      await t.services.jobs.resume('orders', operator)
      await perform(await claimed())
      expect(done).to.deep.equal([id])
    })

    it('is done, though the database is away at the very end of it', async () => {
      await add()
      const id = await claimed()
      let times = 0
      const flaky = {
        ...outbox(),
        finish: (...given: Parameters<ReturnType<typeof outbox>['finish']>) =>
          ++times === 1 ? Promise.reject(new Error('gone')) : outbox().finish(...given),
      }
      let calls = 0
      const performer = createPerformer({
        outbox: flaky,
        handlers: { order_paid: async () => void calls++ } as unknown as TopicHandlers,
        logger: t.log,
        worker: 'one',
      })
      await performer.perform(id)
      await performer.close(0)
      expect(calls).to.equal(1)
      expect((await rows())[0].done_at).to.be.a('date')
    })

    it('whose time is over is told so, and is tried again only when it has ended', async () => {
      await add()
      const id = await claimed()
      let end = (_error: Error) => {}
      let signal: AbortSignal | undefined
      const performer = createPerformer({
        outbox: outbox(),
        handlers: {
          order_paid: (_payload: unknown, given: AbortSignal) => {
            signal = given
            return new Promise((_, reject) => {
              end = reject
            })
          },
        } as unknown as TopicHandlers,
        logger: t.log,
        worker: 'one',
        timeoutMs: () => 20,
      })
      performers.push(performer)
      let outcome: string | undefined
      const performing = performer.perform(id).then(what => {
        outcome = what
      })
      await eventually('it is told', () => signal?.aborted === true)
      expect(t.log.of('job_overdue')).to.have.length(1)
      // the handler does not heed it: nobody else begins beside it
      await t.db('outbox').update({ queued_at: new Date() })
      expect(await outbox().begin([id], 'another')).to.be.empty
      expect(outcome).to.equal(undefined)
      end(new Error('late'))
      await performing
      expect(outcome).to.equal('again')
      expect((await rows())[0]).to.include({ tries: 1, held_by: null, last_error: 'late' })
    })

    it('that heeds its signal has failed when its time is over', async () => {
      await add()
      const performer = createPerformer({
        outbox: outbox(),
        handlers: {
          order_paid: (_payload: unknown, signal: AbortSignal) =>
            new Promise((_, reject) => {
              signal.addEventListener('abort', () => reject(signal.reason))
            }),
        } as unknown as TopicHandlers,
        logger: t.log,
        worker: 'one',
        timeoutMs: () => 20,
      })
      performers.push(performer)
      expect(await performer.perform(await claimed())).to.equal('again')
      expect((await rows())[0].last_error).to.equal('not done within 20 ms')
    })

    it('hands back what does not end, to be done by another at once', async () => {
      await add()
      const id = await claimed()
      let signal: AbortSignal | undefined
      const stuck = aPerformer((_payload, given) => {
        signal = given
        return new Promise(() => undefined)
      })
      void stuck.perform(id)
      await eventually('it is at work', () => signal !== undefined)
      await stuck.close(0)
      expect((signal as AbortSignal | undefined)?.aborted).to.equal(true)
      expect((await rows())[0]).to.include({ held_by: null, queued_at: null, stalls: 0 })
      expect(await claimed()).to.equal(id)
    })
  })

  it('of a release before this one is the orders’ work', async () => {
    await t.db('outbox').insert({ id: newId(), topic: 'order_paid', payload: '{}' })
    t.clock.advance(seconds(1))
    expect((await claim()).map(({ lane }) => lane)).to.deep.equal(['orders'])
  })
})
