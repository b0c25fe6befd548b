import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import { expect } from 'chai'
import { type ApiProcess, reap, spawnEntry, startApi } from '../support/api-process.js'
import { useContext } from '../support/context.js'
import { waitingForLocks } from '../support/locks.js'
import { request } from '../support/request.js'
import { place } from '../support/shopping.js'
import { eventually } from '../support/worker.js'

describe('the API process, started wrongly', function () {
  this.timeout(60_000)
  const t = useContext()
  let holder: Server
  let taken: number
  before(done => {
    holder = createServer().listen(0, '127.0.0.1', () => {
      taken = (holder.address() as AddressInfo).port
      done()
    })
  })
  after(done => void holder.close(done))

  for (const name of ['server', 'worker'] as const) {
    it(`${name}: a bad environment ends it with 5 and every problem, without a value`, async () => {
      const env = {
        ...t.env,
        DATABASE_URL: 'mysql://root:a-mysql-password@127.0.0.1/x',
        PAYMENT_ENCRYPTION_KEY: 'not-hexadecimal-at-all',
        AUDIT_SALT: 'short-salt',
        TAP_SECRET_KEY: '',
      }
      const { code, stdout, stderr } = await spawnEntry(name, env).ended
      expect({ code, stdout }).to.deep.equal({ code: 5, stdout: '' })
      expect(stderr).to.match(/^The environment has 4 problems:\n/)
      for (const variable of ['DATABASE_URL', 'PAYMENT_ENCRYPTION_KEY', 'AUDIT_SALT', 'TAP_SECRET_KEY'])
        expect(stderr).to.match(new RegExp(`^  ${variable} `, 'm'))
      for (const value of ['a-mysql-password', 'not-hexadecimal', 'short-salt', ...Object.values(t.env)])
        if (value.length > 8) expect(stderr).to.not.include(value)
    })
  }

  it('on a taken port ends with 4 and names it', async () => {
    const { code, stderr } = await spawnEntry('server', { ...t.env, PORT: String(taken) }).ended
    expect({ code, stderr }).to.deep.equal({ code: 4, stderr: `Port ${taken} is taken.\n` })
  })
})

describe('the API process, told to stop', function () {
  this.timeout(60_000)
  const t = useContext()
  let api: ApiProcess
  beforeEach(async () => {
    api = await startApi(t.env)
  })
  afterEach(() => reap(api?.child))

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`by ${signal} while idle ends with 0`, async () => {
      expect((await request(api.url, '/api/v1/health/live')).status).to.equal(200)
      api.child.kill(signal)
      expect((await api.ended).code).to.equal(0)
    })
  }

  it('finishes the request in flight, takes no other, and ends with 0', async () => {
    const listing = await t.accounts.listing()
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const path = `/api/v1/orders/${orders[0]?.id}/cancel`
    const token = await t.accounts.token('buyer')
    let slow: ReturnType<typeof request> | undefined
    await t.owner.transaction(async trx => {
      await trx('orders').where({ id: orders[0]?.id }).forUpdate().first()
      slow = request(api.url, path, { method: 'POST', token, key: 'cancel-it' })
      await eventually('the request at the row', async () => (await waitingForLocks(t)) > 0)
      api.child.kill('SIGTERM')
      await eventually('no more connections', () =>
        request(api.url, '/api/v1/health/live').then(
          () => false,
          () => true,
        ),
      )
      expect(api.child.exitCode).to.equal(null)
    })
    const answer = await (slow as ReturnType<typeof request>)
    expect(answer.status, answer.text).to.equal(200)
    expect(answer.body.status).to.equal('CANCELLED')
    const { code, stdout } = await api.ended
    expect(code).to.equal(0)
    const events = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).event)
    expect(events.lastIndexOf('api_request')).to.be.above(events.indexOf('api_draining'))
    expect(events.at(-1)).to.equal('api_stopped')
  })

  it('a second signal does not wait', async () => {
    const listing = await t.accounts.listing()
    const { orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const token = await t.accounts.token('buyer')
    await t.owner.transaction(async trx => {
      await trx('orders').where({ id: orders[0]?.id }).forUpdate().first()
      const slow = request(api.url, `/api/v1/orders/${orders[0]?.id}/cancel`, {
        method: 'POST',
        token,
        key: 'cancel-at-once',
      })
      slow.catch(() => undefined)
      await eventually('the request at the row', async () => (await waitingForLocks(t)) > 0)
      api.child.kill('SIGTERM')
      await eventually('it drains', () =>
        request(api.url, '/').then(
          () => false,
          () => true,
        ),
      )
      api.child.kill('SIGTERM')
      await api.ended
      expect(api.child.signalCode).to.equal('SIGTERM')
    })
  })
})
