import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { type ApiProcess, reap, startApi } from '../support/api-process.js'
import { enrolled } from '../support/authenticator.js'
import { useContext } from '../support/context.js'
import { anAddress, countersOf, DOCUMENTED, from, limitIn } from '../support/limits.js'
import { tally } from '../support/ordering.js'
import { type Answer, request } from '../support/request.js'

const LOGIN = '/api/v1/auth/login'
const WRONG = 'not-the-password'

describe('the limit on logins', () => {
  const t = useContext({ env: { ...DOCUMENTED, TRUSTED_PROXIES: '1' } })
  const counters = countersOf(() => t.env.REDIS_PREFIX as string)
  after(() => counters.close())
  afterEach(async () => {
    t.clock.reset()
    await counters.forget()
  })

  const login = (address: string, email: string, password = WRONG, baseUrl = t.baseUrl) =>
    request(baseUrl, LOGIN, { method: 'POST', body: { email, password }, headers: from(address) })
  const statusesOf = async (asked: (() => Promise<Answer>)[]) => {
    const statuses = []
    for (const ask of asked) statuses.push((await ask()).status)
    return statuses
  }
  const repeat = <T>(count: number, what: T): T[] => Array.from({ length: count }, () => what)

  it('is five failures from one address, whoever is tried', async () => {
    const address = anAddress()
    const tries = Array.from({ length: 6 }, () => () => login(address, `${randomUUID()}@example.sa`))
    expect(await statusesOf(tries)).to.deep.equal([401, 401, 401, 401, 401, 429])
    const refused = await login(address, 'anybody@example.sa')
    expect(refused.body).to.include({ code: 'limits.exceeded', limit: 'auth:login' })
    expect(limitIn(refused).retryAfter).to.be.within(890, 900)
  })

  // fault 24
  it('is five failures for one account, from wherever', async () => {
    const { email, password } = await t.accounts.account('buyer:stuffed')
    const tries = Array.from({ length: 6 }, () => () => login(anAddress(), email))
    expect(await statusesOf(tries)).to.deep.equal([401, 401, 401, 401, 401, 429])
    // the right password is no way around it, nor is another way to write the address
    expect((await login(anAddress(), email, password)).status).to.equal(429)
    expect((await login(anAddress(), ` ${email.toUpperCase()} `, password)).status).to.equal(429)
    const another = await t.accounts.account('buyer:not-stuffed')
    expect((await login(anAddress(), another.email, another.password)).status).to.equal(200)
  })

  it('tells nobody whether the account exists', async () => {
    const { email } = await t.accounts.account('buyer:known')
    const answersFor = async (who: string) => {
      const answers: Answer[] = []
      for (let at = 0; at < 6; at++) answers.push(await login(anAddress(), who))
      return answers.map(answer => ({
        status: answer.status,
        code: answer.body.code,
        ...limitIn(answer),
        reset: 0,
        retryAfter: 0,
      }))
    }
    expect(await answersFor(email)).to.deep.equal(await answersFor('nobody-at-all@example.sa'))
  })

  // fault 23
  it('does not count the logins that succeed, and says so', async () => {
    const { email, password } = await t.accounts.account('buyer:often')
    const address = anAddress()
    for (let at = 0; at < 12; at++) {
      const answer = await login(address, email, password)
      expect(answer.status, answer.text).to.equal(200)
      expect(limitIn(answer)).to.include({ limit: 5, remaining: 5, reset: 0 })
    }
    expect(limitIn(await login(address, email)).remaining).to.equal(4)
    expect(limitIn(await login(address, email, password)).remaining).to.equal(4)
  })

  it('does not count what was not tried', async () => {
    const address = anAddress()
    for (let at = 0; at < 8; at++) {
      const answer = await t.post(LOGIN, { body: { email: 'no address' }, headers: from(address) })
      expect(answer.status).to.equal(422)
    }
    expect(await counters.keys()).to.be.empty
  })

  it('lets thirty people of one office sign in at once', async () => {
    const people = await Promise.all(repeat(6, 0).map((_, at) => t.accounts.account(`buyer:office-${at}`)))
    const address = anAddress()
    const answers = await Promise.all(
      repeat(5, people)
        .flat()
        .map(({ email, password }) => login(address, email, password)),
    )
    expect(tally(answers)).to.deep.equal({ 200: 30 })
    expect(limitIn(await login(address, 'nobody@example.sa')).remaining).to.equal(4)
  })

  it('opens again when it said so', async () => {
    const { email, password } = await t.accounts.account('buyer:patient')
    for (let at = 0; at < 5; at++) await login(anAddress(), email)
    // read by a process that will be asked no more: what it remembers is no part of this
    await counters.age(15 * 60_000)
    expect((await login(anAddress(), email, password)).status).to.equal(200)
  })

  it('holds a try whose process died to have failed, and says when there is room', async () => {
    const { email, password } = await t.accounts.account('buyer:crashed')
    const address = anAddress()
    await login(address, email)
    const [key = ''] = await counters.keys('auth:login:ip')
    await counters.redis.del(key)
    const [seconds] = await counters.redis.time()
    for (let at = 0; at < 5; at++)
      await counters.redis.zadd(key, (Number(seconds) - 120) * 1000, `?dead-${at}`)
    const refused = await login(address, email, password)
    expect(refused.status).to.equal(429)
    expect(limitIn(refused).retryAfter).to.be.within(700, 780)
  })

  it('is for codes of the second factor and for passwords asked again, by person', async () => {
    const account = await t.accounts.account('buyer:proving')
    const app = await enrolled(t, account)
    const wrong = String((Number(app.code()) + 1) % 1_000_000).padStart(6, '0')
    const ask = (path: string, body: object) => () =>
      t.post(path, { token: account.token, body, headers: from(anAddress()) })
    const disable = ask('/api/v1/auth/second-factor/disable', { password: WRONG, code: wrong })
    expect(await statusesOf(repeat(5, disable))).to.deep.equal([403, 403, 403, 403, 403])
    const signed = { method: 'POST', path: '/api/v1/api-keys', bodySha256: '0'.repeat(64) }
    expect(
      await statusesOf([disable, ask('/api/v1/auth/operations', { ...signed, password: account.password })]),
    ).to.deep.equal([429, 429])
    // what proves nothing goes on
    expect((await t.get('/api/v1/auth/me', { token: account.token })).status).to.equal(200)
  })

  describe('under two hundred guesses at once', () => {
    it('lets five be made', async () => {
      const { email } = await t.accounts.account('buyer:besieged')
      const answers = await Promise.all(Array.from({ length: 200 }, () => login(anAddress(), email)))
      expect(tally(answers)).to.deep.equal({ 401: 5, 429: 195 })
    })

    it('lets five be made from one address', async () => {
      const address = anAddress()
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, at) => login(address, `guessed-${at}@example.sa`)),
      )
      expect(tally(answers)).to.deep.equal({ 401: 5, 429: 195 })
    })
  })

  describe('in two processes, whose clocks disagree by an hour', function () {
    this.timeout(60_000)
    let ahead: ApiProcess
    before(async () => {
      const clock = `const D=Date;globalThis.Date=class extends D{constructor(...a){a.length?super(...a):super(D.now()+3600e3)}static now(){return D.now()+3600e3}}`
      ahead = await startApi({
        ...t.env,
        NODE_OPTIONS: `--import "data:text/javascript,${encodeURIComponent(clock)}"`,
      })
      const timestamp = (await request(ahead.url, '/api/v1/health')).body.checks.timestamp
      expect(+new Date(timestamp) - Date.now()).to.be.above(3_500_000)
    })
    after(() => reap(ahead?.child))

    // fault 24
    it('is one', async () => {
      const email = 'skewed@example.sa'
      const here = () => login(anAddress(), email)
      const there = () => login(anAddress(), email, WRONG, ahead.url)
      expect(await statusesOf([here, here, there, there, here])).to.deep.equal(repeat(5, 401))
      expect(await statusesOf([there, here, there])).to.deep.equal([429, 429, 429])
    })

    it('is exact under two hundred at once', async () => {
      const email = 'besieged-twice@example.sa'
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, at) =>
          login(anAddress(), email, WRONG, at % 2 === 0 ? t.baseUrl : ahead.url),
        ),
      )
      expect(tally(answers)).to.deep.equal({ 401: 5, 429: 195 })
    })
  })
})

describe('the limits on what is done', () => {
  const t = useContext({ env: { ...DOCUMENTED, TRUSTED_PROXIES: '1' } })
  const counters = countersOf(() => t.env.REDIS_PREFIX as string)
  after(() => counters.close())

  const register = (address: string, over: object = {}) =>
    t.post('/api/v1/auth/register', {
      body: { email: `${randomUUID()}@example.sa`, password: 'three-brown-camels', name: 'Noura', ...over },
      headers: from(address),
    })

  it('let an address register three accounts an hour', async () => {
    const address = anAddress()
    for (let at = 0; at < 3; at++) expect((await register(address)).status).to.equal(201)
    const refused = await register(address)
    expect(refused.status).to.equal(429)
    expect(limitIn(refused).retryAfter).to.be.within(3_590, 3_600)
    expect((await register(anAddress())).status).to.equal(201)
  })

  it('do not count an account that was not opened for its password', async () => {
    const address = anAddress()
    for (let at = 0; at < 5; at++) {
      const answer = await register(address, { password: 'password' })
      expect(answer.status, answer.text).to.equal(422)
    }
    const answer = await register(address)
    expect(answer.status).to.equal(201)
    expect(limitIn(answer).remaining).to.equal(2)
  })

  it('count who asks whether an address is registered', async () => {
    const { email } = await t.accounts.account('buyer:registered')
    const address = anAddress()
    const statuses = []
    for (let at = 0; at < 4; at++) statuses.push((await register(address, { email })).status)
    expect(statuses).to.deep.equal([409, 409, 409, 429])
  })

  it('let an address have ten messages an hour sent, whoever to', async () => {
    const address = anAddress()
    const forgot = (email: string) =>
      t.post('/api/v1/auth/password/forgot', { body: { email }, headers: from(address) })
    for (let at = 0; at < 10; at++) expect((await forgot(`${randomUUID()}@example.sa`)).status).to.equal(202)
    expect((await forgot(`${randomUUID()}@example.sa`)).status).to.equal(429)
  })

  it('leave messages to one number to the one place that counts them, and say when', async () => {
    const { token } = await t.accounts.account('buyer:sending')
    const send = () => t.post('/api/v1/auth/phone/verification', { token, body: { phone: '0512345670' } })
    expect((await send()).status).to.equal(202)
    const before = await counters.sizes('auth:send:user')
    const refused = await send()
    expect(refused.body.code).to.equal('account.too_many_messages')
    expect(refused.headers.get('retry-after')).to.equal(String(refused.body.retryAfter))
    expect(await counters.sizes('auth:send:user')).to.deep.equal(before)
  })
})
