import { expect } from 'chai'
import { createBell, listen, type WakeUp } from '../../api/platform/wake-up.js'
import { useContext } from '../support/context.js'
import { superuserUrl } from '../support/database.js'
import { withClient } from '../support/template.js'
import { eventually } from '../support/worker.js'

describe('waking the workers', () => {
  const t = useContext()
  const open: WakeUp[] = []
  const listening = async (onWake: () => void = () => undefined) => {
    const wakeUp = listen(t.databaseUrl, t.log, onWake)
    open.push(wakeUp)
    await eventually('it listens', wakeUp.isListening)
    return wakeUp
  }
  /** Rings once, and hears that, so that whatever was rung before was heard too. */
  const settled = async (count: () => number) => {
    const before = count()
    createBell(t.db)()
    await eventually('the bell', () => count() > before)
    return count() - before - 1
  }
  afterEach(async () => {
    await Promise.all(open.splice(0).map(wakeUp => wakeUp.close()))
    await t.db('outbox').delete()
  })

  it('follows a commit, also from within a savepoint, and no rollback', async () => {
    let heard = 0
    await listening(() => {
      heard += 1
    })
    const add = (trx: Parameters<typeof t.services.outbox.add>[0]) =>
      t.services.outbox.add(trx, 'order_paid', { orderId: '01970000-0000-7000-8000-000000000000' })
    heard = 0
    await t.db.transaction(add)
    await eventually('the bell', () => heard === 1)
    await t.db.transaction(trx => trx.transaction(add))
    await eventually('the bell', () => heard === 2)
    const undo = new Error('undo')
    await t.db
      .transaction(async trx => {
        await add(trx)
        throw undo
      })
      .catch(error => expect(error).to.equal(undo))
    expect(await settled(() => heard)).to.equal(0)
  })

  it('needs one bell for much that is committed at once', async () => {
    let heard = 0
    await listening(() => {
      heard += 1
    })
    heard = 0
    const ring = createBell(t.db)
    for (let count = 0; count < 100; count++) ring()
    expect(await settled(() => heard)).to.be.below(3)
  })

  it('comes back when its connection was cut', async () => {
    let heard = 0
    const wakeUp = await listening(() => {
      heard += 1
    })
    await withClient(superuserUrl(), client =>
      client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where application_name = 'cargoparts-wake-up' and datname = $1`,
        [new URL(t.databaseUrl).pathname.slice(1)],
      ),
    )
    await eventually('it noticed', () => !wakeUp.isListening())
    await eventually('it listens again', wakeUp.isListening)
    expect(await settled(() => heard)).to.equal(0)
  })

  it('is not taken for working where nobody is', async () => {
    const wakeUp = listen('postgres://nobody@127.0.0.1:1/none', t.log, () => undefined)
    open.push(wakeUp)
    await eventually('it said so', () => t.log.of('outbox_not_heard').length > 0)
    expect(wakeUp.isListening()).to.equal(false)
  })
})
