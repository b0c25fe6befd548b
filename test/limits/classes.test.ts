import { expect } from 'chai'
import { operationsOf } from '../../api/app.js'
import { useContext } from '../support/context.js'
import { anAddress, countersOf, DOCUMENTED, from, limitIn } from '../support/limits.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'

const STANDARD = '/api/v1/makes'

describe('the limits', () => {
  const t = useContext({ env: { ...DOCUMENTED, TRUSTED_PROXIES: '1' } })
  const counters = countersOf(() => t.env.REDIS_PREFIX as string)
  /** Another process: it remembers nothing of what this one was told. */
  let other: SecondApi
  before(async () => {
    other = await startSecondApi(t.env)
  })
  after(async () => {
    await other?.close()
    counters.close()
  })
  afterEach(() => counters.forget())

  const get = (path: string, address: string) => t.get(path, { headers: from(address) })
  const login = (address: string, email: string, password = 'not-the-password') =>
    t.post('/api/v1/auth/login', { body: { email, password }, headers: from(address) })
  const times = async <T>(count: number, ask: (at: number) => Promise<T>): Promise<T[]> => {
    const answers = []
    for (let at = 0; at < count; at++) answers.push(await ask(at))
    return answers
  }
  const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status)

  it('are those of the documents', async () => {
    const address = anAddress()
    expect(limitIn(await get(STANDARD, address)).limit).to.equal(60)
    expect(limitIn(await get('/api/v1/listings?limit=1', address)).limit).to.equal(100)
    expect(limitIn(await login(address, 'nobody@example.sa')).limit).to.equal(5)
    expect(limitIn(await get('/api/v1/health/live', address)).limit).to.equal(1200)
    const body = { email: `${Date.now()}@example.sa`, password: 'three-brown-camels', name: 'Noura' }
    const registered = await t.post('/api/v1/auth/register', { body, headers: from(address) })
    expect(registered.status, registered.text).to.equal(201)
    expect(limitIn(registered).limit).to.equal(3)
    const webhook = await t.post('/api/v1/webhooks/tap', { body: {}, headers: from(address) })
    expect(limitIn(webhook).limit).to.equal(6000)
  })

  it('count every operation', async () => {
    const of = (id: string) => operationsOf(t.services).find(op => op.id === id)?.limit
    expect(of('login')).to.equal('auth:login')
    expect(of('completeLogin')).to.equal('auth:login')
    expect(of('register')).to.equal('auth:register')
    expect(of('createPayment')).to.equal('payments:create')
    expect(of('searchListings')).to.equal('api:search')
    expect(of('receiveWebhook')).to.equal('callbacks')
    for (const id of ['health', 'ready', 'live']) expect(of(id), id).to.equal('health')
    for (const id of ['forgotPassword', 'sendPhoneCode', 'sendEmailVerification'])
      expect(of(id), id).to.equal('auth:send')
  })

  it('let through as many as they say, tell the truth meanwhile, and refuse the next', async () => {
    const address = anAddress()
    const answers = await times(61, () => get(STANDARD, address))
    for (const [at, answer] of answers.slice(0, 60).entries()) {
      expect(answer.status, `${at}`).to.equal(200)
      const { limit, remaining, reset, retryAfter } = limitIn(answer)
      expect({ limit, remaining, retryAfter }).to.deep.equal({
        limit: 60,
        remaining: 59 - at,
        retryAfter: null,
      })
      expect(reset).to.be.within(1, 60)
    }
    const refused = answers[60]
    expect(refused?.status).to.equal(429)
    expect(refused?.headers.get('content-type')).to.include('application/problem+json')
    expect(refused?.body).to.include({ code: 'limits.exceeded', status: 429, limit: 'api:standard' })
    const { remaining, reset, retryAfter } = limitIn(refused as (typeof answers)[number])
    expect(remaining).to.equal(0)
    expect(retryAfter).to.equal(reset).and.to.equal(refused?.body.retryAfter)

    // still shut well before that time, for a process that remembers nothing
    await counters.age(((retryAfter as number) - 10) * 1000)
    expect((await other.send(STANDARD, { headers: from(address) })).status).to.equal(429)
  })

  it('open when they said they would', async () => {
    const address = anAddress()
    await times(60, () => get(STANDARD, address))
    // refused in another process, so that this one's memory is no part of it
    const { retryAfter } = limitIn(await other.send(STANDARD, { headers: from(address) }))
    await counters.age((retryAfter as number) * 1000)
    const admitted = await get(STANDARD, address)
    expect(admitted.status).to.equal(200)
    expect(limitIn(admitted).remaining).to.be.at.least(0)
  })

  // fault 23
  it('say when there is one more, not when a whole window has gone by', async () => {
    const address = anAddress()
    await get(STANDARD, address)
    await counters.age(20_000)
    const answer = await get(STANDARD, address)
    expect(limitIn(answer)).to.include({ remaining: 58 })
    expect(limitIn(answer).reset).to.be.within(1, 40)
    await times(58, () => get(STANDARD, address))
    const refused = await get(STANDARD, address)
    expect(refused.status).to.equal(429)
    expect(limitIn(refused).retryAfter).to.be.within(1, 40)
  })

  it('refuse in the language of the reader', async () => {
    const address = anAddress()
    await times(60, () => get(STANDARD, address))
    const headers = { ...from(address), 'accept-language': 'ar' }
    const { body } = await t.get(STANDARD, { headers })
    expect(body.title).to.equal('طلبات كثيرة جدًا')
    expect(body.detail).to.equal(`طلبات كثيرة. حاول بعد ${body.retryAfter} ثانية.`)
    const english = await get(STANDARD, address)
    expect(english.body.detail).to.equal(`Too many: try again in ${english.body.retryAfter} seconds.`)
  })

  // fault 17
  it('of one class are not those of another', async () => {
    const address = anAddress()
    const { email, password } = await t.accounts.account('buyer:classes')
    expect(statuses(await times(61, () => get(STANDARD, address))).at(-1)).to.equal(429)
    expect((await get('/api/v1/listings?limit=1', address)).status).to.equal(200)
    expect((await login(address, email, password)).status).to.equal(200)
    expect((await get('/api/v1/health/live', address)).status).to.equal(200)
    expect(limitIn(await get('/api/v1/listings?limit=1', address)).remaining).to.equal(98)
  })

  // fault 18
  it('of a short window take nothing from those of a long one', async () => {
    const address = anAddress()
    expect(statuses(await times(4, () => login(address, 'long@example.sa')))).to.deep.equal([
      401, 401, 401, 401,
    ])
    await counters.age(61_000)
    await times(3, () => get(STANDARD, address))
    const [key = ''] = await counters.keys('auth:login:ip')
    expect(await counters.redis.pttl(key)).to.be.above(14 * 60_000)
    expect(statuses(await times(2, () => login(address, 'long@example.sa')))).to.deep.equal([401, 429])
  })

  // fault 20
  it('do not count what they refuse', async () => {
    const address = anAddress()
    await times(60, () => get(STANDARD, address))
    for (let at = 0; at < 20; at++)
      expect((await other.send(STANDARD, { headers: from(address) })).status).to.equal(429)
    expect(await counters.sizes(address)).to.deep.equal([60])
    await counters.age(60_000)
    expect(statuses(await times(2, () => get(STANDARD, address)))).to.deep.equal([200, 200])
    expect(await counters.sizes(address)).to.deep.equal([2])
  })

  it('forget a caller who stays away', async () => {
    const address = anAddress()
    await get(STANDARD, address)
    const [key = ''] = await counters.keys(address)
    expect(await counters.redis.pttl(key)).to.be.within(1, 60_000)
  })

  it('are of the person who is signed in, wherever they come from, and of nobody else there', async () => {
    const [address, elsewhere] = [anAddress(), anAddress()]
    const token = await t.accounts.token('buyer:roaming')
    const mine = await t.get(STANDARD, { token, headers: from(address) })
    expect(limitIn(mine).remaining).to.equal(59)
    expect(limitIn(await t.get(STANDARD, { token, headers: from(elsewhere) })).remaining).to.equal(58)
    expect(limitIn(await get(STANDARD, address)).remaining).to.equal(59)
    const neighbour = await t.accounts.token('buyer:neighbour')
    expect(limitIn(await t.get(STANDARD, { token: neighbour, headers: from(address) })).remaining).to.equal(
      59,
    )
  })

  it('count who shows a bad token as a stranger, before refusing', async () => {
    const address = anAddress()
    const answers = await times(61, () =>
      t.get('/api/v1/auth/me', { token: 'a.b.c', headers: from(address) }),
    )
    expect(answers[59]?.status).to.equal(401)
    expect(answers[60]?.status).to.equal(429)
  })

  it('are exact when two hundred come at once', async () => {
    const address = anAddress()
    const answers = await Promise.all(Array.from({ length: 200 }, () => get(STANDARD, address)))
    expect(answers.filter(({ status }) => status === 200)).to.have.length(60)
    expect(answers.filter(({ status }) => status === 429)).to.have.length(140)
    const left = answers.filter(({ status }) => status === 200).map(answer => limitIn(answer).remaining)
    expect(new Set(left).size).to.equal(60)
  })

  it('are one among all processes', async () => {
    const address = anAddress()
    const ask = (at: number) =>
      at % 2 === 0 ? get(STANDARD, address) : other.send(STANDARD, { headers: from(address) })
    const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => ask(at)))
    expect(answers.filter(({ status }) => status === 200)).to.have.length(60)
    expect(answers.filter(({ status }) => status === 429)).to.have.length(140)
  })

  it('stand behind a script that Redis has forgotten', async () => {
    await counters.redis.script('FLUSH')
    const answer = await get(STANDARD, anAddress())
    expect(limitIn(answer).remaining).to.equal(59)
  })

  it('name nobody in Redis', async () => {
    await login(anAddress(), 'a.person@example.sa')
    await login(anAddress(), `${'x'.repeat(200)}@example.sa`)
    const keys = await counters.keys()
    expect(keys.join(' ')).to.not.include('person').and.not.include('@')
    for (const key of keys) expect(key.length, key).to.be.below(100)
  })

  describe('cost Redis', () => {
    it('one call a request', async () => {
      const token = await t.accounts.token('buyer:frugal')
      const headers = from(anAddress())
      for (const path of [STANDARD, '/api/v1/listings?limit=1'])
        for (const send of [{ headers }, { headers, token }])
          expect(await counters.during(() => t.get(path, send)), path).to.have.length(1)
    })

    it('none where the process knows', async () => {
      const address = anAddress()
      await times(61, () => get(STANDARD, address))
      expect(await counters.during(() => times(5, () => get(STANDARD, address)))).to.be.empty
      const unasked = t.services.limiter.figures().refusedUnasked
      expect(unasked).to.be.at.least(5)
    })

    it('none for health and callbacks, which every process counts for itself', async () => {
      const headers = from(anAddress())
      const calls = await counters.during(async () => {
        await t.get('/api/v1/health/live', { headers })
        await t.get('/api/v1/health/ready', { headers })
        await t.post('/api/v1/webhooks/tap', { body: {}, headers })
      })
      expect(calls).to.be.empty
    })

    it('none for what never comes to work', async () => {
      const headers = from(anAddress())
      const calls = await counters.during(async () => {
        expect((await t.post('/api/v1/auth/login', { body: {}, headers })).status).to.equal(422)
        expect((await t.post('/api/v1/auth/register', { raw: 'x', headers })).status).to.equal(415)
      })
      expect(calls).to.be.empty
    })
  })

  it('refuse in each process what it alone counts', async () => {
    const env = { ...t.env, RATE_LIMIT_HEALTH: '3/1m' }
    const api = await startSecondApi(env)
    try {
      const headers = from(anAddress())
      const answers = await times(5, () => api.send('/api/v1/health/live', { headers }))
      expect(statuses(answers)).to.deep.equal([200, 200, 200, 429, 429])
      expect(answers.map(answer => limitIn(answer).remaining)).to.deep.equal([2, 1, 0, 0, 0])
      expect((await api.send('/api/v1/health/live', { headers: from(anAddress()) })).status).to.equal(200)
    } finally {
      await api.close()
    }
  })

  it('stand in the OpenAPI document', async () => {
    const { body } = await t.get('/openapi.json')
    for (const item of Object.values<Record<string, { responses: object; 'x-rate-limit': string }>>(
      body.paths,
    ))
      for (const op of Object.values(item)) {
        expect(op.responses).to.have.property('429')
        expect(op['x-rate-limit']).to.be.a('string')
      }
  })

  it('may be read by client apps in browsers', async () => {
    const headers = { origin: 'https://shop.cargoparts.sa', ...from(anAddress()) }
    const api = await startSecondApi({ ...t.env, CORS_ORIGINS: 'https://shop.cargoparts.sa' })
    try {
      const answer = await api.send(STANDARD, { headers })
      const exposed = answer.headers.get('access-control-expose-headers')?.toLowerCase().split(',') ?? []
      for (const name of ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset', 'retry-after'])
        expect(exposed).to.include(name)
    } finally {
      await api.close()
    }
  })
})
