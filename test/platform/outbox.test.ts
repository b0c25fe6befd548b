import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
import { dispatchOnce, perform } from '../../api/platform/dispatcher.js'
import { newId } from '../../api/platform/ids.js'
import { MAX_HAND_OVERS } from '../../api/platform/outbox.js'
import type { Producer } from '../../api/platform/queue.js'
import type { TopicHandlers } from '../../api/platform/topics.js'
import { useContext } from '../support/context.js'
import { atOnce } from '../support/ordering.js'

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
  const rows = () => t.db('outbox').orderBy('id')
  const producerOf = (add: Producer['add']): Producer => ({
    isReady: () => true,
    add,
    close: async () => undefined,
  })

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
    const given = (await atOnce(8, () => outbox().claim(10))).flat()
    const rest = await outbox().claim(100)
    expect([...given, ...rest].map(row => row.id).sort()).to.deep.equal((await rows()).map(row => row.id))
  })

  it('gives nothing before it is due', async () => {
    await add(newId(), new Date(t.clock.now().getTime() + minutes(5)))
    expect(await outbox().claim(10)).to.be.empty
    t.clock.advance(minutes(5) + 1)
    expect(await outbox().claim(10)).to.have.length(1)
  })

  it('gives a row that is not done again, with pauses that double, and at last no more', async () => {
    await add()
    let handed = 0
    for (let pause = minutes(2); handed < MAX_HAND_OVERS + 3; pause = Math.min(pause * 2, minutes(60))) {
      const [row] = await outbox().claim(10)
      if (!row) break
      handed += 1
      expect(row.handOvers).to.equal(handed)
      t.clock.advance(pause - 1_000)
      expect(await outbox().claim(10), `after hand-over ${handed}`).to.be.empty
      t.clock.advance(2_000)
    }
    expect(handed).to.equal(MAX_HAND_OVERS)
  })

  it('outlasts a queue that is away for long', async () => {
    await add()
    const away = producerOf(() => Promise.reject(new Error('no Redis')))
    for (let count = 0; count < MAX_HAND_OVERS * 2; count++) {
      expect(await dispatchOnce(outbox(), away, t.log)).to.equal(1)
      t.clock.advance(6_000)
    }
    expect((await rows())[0]).to.include({ hand_overs: 0, last_error: 'no Redis' })
    const handed: string[] = []
    await dispatchOnce(
      outbox(),
      producerOf(async (id, time) => void handed.push(`${id}.${time}`)),
      t.log,
    )
    expect(handed).to.deep.equal([`${(await rows())[0].id}.1`])
  })

  it('hands over the others when the queue refuses one', async () => {
    await add()
    await add()
    const [bad] = await rows()
    const handed: string[] = []
    const moved = await dispatchOnce(
      outbox(),
      producerOf(async id => {
        if (id === bad.id) throw new Error('too odd')
        handed.push(id)
      }),
      t.log,
    )
    expect(moved).to.equal(2)
    expect(handed).to.have.length(1)
    expect(t.log.of('outbox_hand_over_failed')).to.have.length(1)
  })

  it('says when it hands a row over for the last time', async () => {
    await add()
    await t.db('outbox').update({ hand_overs: MAX_HAND_OVERS - 1 })
    await dispatchOnce(
      outbox(),
      producerOf(async () => undefined),
      t.log,
    )
    expect(t.log.of('outbox_last_hand_over')).to.have.length(1)
  })

  describe('work', () => {
    const handlersOf = (order_paid: TopicHandlers['order_paid']) => ({ order_paid }) as TopicHandlers
    const signal = new AbortController().signal

    it('is done once, however often it is handed over', async () => {
      const orderId = newId()
      await add(orderId)
      const [{ id }] = await rows()
      const done: string[] = []
      const handlers = handlersOf(async payload => void done.push(payload.orderId))
      for (let count = 0; count < 3; count++) await perform({ outboxId: id }, handlers, outbox(), signal)
      expect(done).to.deep.equal([orderId])
      expect((await rows())[0].done_at).to.be.a('date')
      t.clock.advance(minutes(60))
      expect(await outbox().claim(10)).to.be.empty
    })

    it('that fails stays to be done, with the reason', async () => {
      await add()
      const [{ id }] = await rows()
      const failing = handlersOf(() => Promise.reject(new Error('not today')))
      const error = await perform({ outboxId: id }, failing, outbox(), signal).catch(thrown => thrown)
      expect(error.message).to.equal('not today')
      expect((await rows())[0]).to.include({ done_at: null, last_error: 'not today' })
      await perform(
        { outboxId: id },
        handlersOf(async () => undefined),
        outbox(),
        signal,
      )
      expect((await rows())[0]).to.include({ last_error: null })
    })

    it('of an unknown kind is an error, of an unknown row nothing', async () => {
      await add()
      const [{ id }] = await rows()
      await t.db('outbox').where({ id }).update({ topic: 'constructor' })
      const error = await perform(
        { outboxId: id },
        handlersOf(async () => undefined),
        outbox(),
        signal,
      ).catch(thrown => thrown)
      expect(error).to.be.an('error').with.property('message').that.includes('no handler')
      await perform(
        { outboxId: newId() },
        handlersOf(async () => undefined),
        outbox(),
        signal,
      )
    })
  })
})
