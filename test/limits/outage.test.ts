import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { redisUrl } from '../support/database.js'
import { type Gate, openGate } from '../support/gate.js'
import { countersOf, DOCUMENTED, limitIn } from '../support/limits.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'
import { ADDRESS } from '../support/shopping.js'
import { eventually } from '../support/worker.js'

const STANDARD = '/api/v1/makes'

describe('the limits without Redis', function () {
  this.timeout(60_000)
  const t = useContext({ env: DOCUMENTED })
  const counters = countersOf(() => t.env.REDIS_PREFIX as string)
  let gate: Gate
  let api: SecondApi

  before(async () => {
    gate = await openGate(redisUrl())
  })
  beforeEach(async () => {
    api = await startSecondApi({ ...t.env, REDIS_URL: gate.through(redisUrl()) })
  })
  afterEach(async () => {
    await api?.close()
    await counters.forget()
  })
  after(async () => {
    await gate?.close()
    counters.close()
  })

  const login = (headers = {}) =>
    api.send('/api/v1/auth/login', {
      method: 'POST',
      body: { email: 'a@example.sa', password: 'x' },
      headers,
    })
  const pay = async () =>
    api.send('/api/v1/payments', {
      method: 'POST',
      key: randomUUID(),
      body: { checkoutId: randomUUID() },
      token: await t.accounts.token('buyer'),
    })
  const isLimited = async () => limitIn(await api.send(STANDARD)).remaining !== null

  async function expectRules(): Promise<void> {
    for (const answer of [await login(), await pay()]) {
      expect(answer.status, answer.text).to.equal(503)
      expect(answer.body).to.include({ code: 'limits.unavailable' })
      expect(answer.headers.get('content-type')).to.include('application/problem+json')
      expect(limitIn(answer).retryAfter).to.equal(2)
    }
    expect((await login({ 'accept-language': 'ar' })).body.detail).to.equal(
      'هذه الخدمة متوقفة للحظات، حاول بعد قليل.',
    )
    const token = await t.accounts.token('buyer')
    for (const send of [{}, { token }])
      for (const path of [STANDARD, '/api/v1/listings?limit=1', '/api/v1/health/live']) {
        const answer = await api.send(path, send)
        expect(answer.status, `${path} ${answer.text}`).to.equal(200)
        if (!path.includes('health')) expect(limitIn(answer).limit).to.equal(null)
      }
    const listing = await t.accounts.listing()
    const order = await api.send('/api/v1/orders', {
      method: 'POST',
      token,
      key: randomUUID(),
      body: { lines: [{ listingId: listing.id, quantity: 1 }], deliveryAddress: ADDRESS },
    })
    expect(order.status, order.text).to.equal(201)
  }

  it('are closed for logins and payments and open for the rest, while it is gone', async () => {
    expect(await isLimited()).to.equal(true)
    await gate.shut()
    await expectRules()
    const { letThrough, turnedAway } = api.context.services.limiter.figures()
    expect(turnedAway).to.equal(3)
    expect(letThrough).to.be.at.least(5)
    await gate.open()
    await eventually('limits', isLimited)
    expect((await login()).status).to.equal(401)
  })

  it('are so while it accepts and does not answer, and nobody waits for it twice', async () => {
    expect(await isLimited()).to.equal(true)
    gate.freeze()
    const { asked } = api.context.services.limiter.figures()
    try {
      await expectRules()
      const before = api.context.services.limiter.figures().asked
      await Promise.all(Array.from({ length: 50 }, () => api.send(STANDARD)))
      // asked again by one request a second, not by each
      expect(api.context.services.limiter.figures().asked - before).to.be.below(25)
    } finally {
      gate.thaw()
    }
    expect(api.context.services.limiter.figures().asked).to.be.above(asked)
    await eventually('limits', isLimited)
  })

  it('find their way back where a connection has gone dead', async () => {
    expect(await isLimited()).to.equal(true)
    expect(gate.strand()).to.be.above(0)
    expect((await api.send(STANDARD)).status).to.equal(200)
    await eventually('limits', isLimited)
  })

  it('are so for a process that starts meanwhile, and come when it does', async () => {
    await gate.shut()
    const late = await startSecondApi({ ...t.env, REDIS_URL: gate.through(redisUrl()) })
    try {
      const answers = await Promise.all(Array.from({ length: 20 }, () => late.send(STANDARD)))
      for (const { status } of answers) expect(status).to.equal(200)
      await gate.open()
      await eventually('limits', async () => limitIn(await late.send(STANDARD)).remaining !== null)
    } finally {
      await late.close()
    }
  })

  it('count the first request of a process, though the connection is being made', async () => {
    expect(limitIn(await api.send(STANDARD)).remaining).to.equal(59)
  })

  it('say so once, and once when it is back', async () => {
    await isLimited()
    await gate.shut()
    for (let at = 0; at < 10; at++) await api.send(STANDARD)
    expect(api.log.of('rate_limits_unreachable')).to.have.length(1)
    expect(api.log.of('rate_limits_back')).to.be.empty
    await gate.open()
    await eventually('limits', isLimited)
    const [line, ...more] = api.log.of('rate_limits_back')
    expect(more).to.be.empty
    expect(line?.fields.unanswered).to.be.at.least(10)
    expect(JSON.stringify(api.log.lines)).to.not.include(new URL(redisUrl()).password || 'no password')
  })

  // fault 21
  it('do not take what they cannot read for nothing', async () => {
    const address = '127.0.0.1'
    for (const name of ['auth:login', 'api:standard'])
      await counters.redis.set(`${t.env.REDIS_PREFIX}:{limits}:${name}:ip:${address}`, 'not a counter')
    const closed = await login()
    expect(closed.status, closed.text).to.equal(503)
    const open = await api.send(STANDARD)
    expect(open.status).to.equal(200)
    expect(limitIn(open).limit).to.equal(null)
    expect(api.log.of('rate_limits_unreachable')).to.have.length(1)
  })

  it('are closed where the environment says', async () => {
    await gate.shut()
    const over = { ...t.env, REDIS_URL: gate.through(redisUrl()) }
    const turned = await startSecondApi({ ...over, RATE_LIMITS_CLOSED: 'api:search' })
    const open = await startSecondApi({ ...over, RATE_LIMITS_CLOSED: 'none' })
    const tryOn = async (on: SecondApi) => [
      (await on.send('/api/v1/listings?limit=1')).status,
      (
        await on.send('/api/v1/auth/login', {
          method: 'POST',
          body: { email: 'a@example.sa', password: 'x' },
        })
      ).status,
    ]
    try {
      expect(await tryOn(turned)).to.deep.equal([503, 401])
      expect(await tryOn(open)).to.deep.equal([200, 401])
    } finally {
      await turned.close()
      await open.close()
      await gate.open()
    }
  })
})
