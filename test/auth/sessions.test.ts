import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { request } from '../support/request.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'

describe('sessions', () => {
  const t = useContext()
  let other: SecondApi
  before(async () => {
    other = await startSecondApi(t.env)
  })
  after(() => other?.close())
  afterEach(() => t.clock.reset())

  const login = async (who: { email: string; password: string }, userAgent = 'phone') => {
    const { email, password } = who
    const { body } = await t.post('/api/v1/auth/login', {
      body: { email, password },
      headers: { 'user-agent': userAgent },
    })
    return body as { accessToken: string; refreshToken: string }
  }
  const list = async (token: string) => (await t.get('/api/v1/auth/sessions', { token })).body.items
  const revoke = (token: string, id: string) =>
    request(t.baseUrl, `/api/v1/auth/sessions/${id}`, { method: 'DELETE', token })
  const me = async (token: string, api = t.baseUrl) =>
    (await request(api, '/api/v1/auth/me', { token })).status

  it('are listed with their device and last use, the newest first, and no secret of theirs', async () => {
    const account = await t.accounts.account('buyer:devices')
    t.clock.advance(1_000)
    const tablet = await login(account, 'tablet')
    const items = await list(tablet.accessToken)
    expect(items).to.have.length(2)
    expect(items[0]).to.include({ userAgent: 'tablet', isCurrent: true, ip: '127.0.0.1' })
    expect(items[1].isCurrent).to.equal(false)
    expect(Object.keys(items[0])).to.have.members([
      ...['id', 'isCurrent', 'userAgent', 'ip', 'lastUsedAt', 'expiresAt', 'createdAt'],
    ])
    t.clock.advance(60_000)
    await t.post('/api/v1/auth/refresh', { body: { refreshToken: account.refreshToken } })
    const [newest] = await list(tablet.accessToken)
    expect(newest.isCurrent).to.equal(false)
  })

  it('are ended one by one, at once in every process', async () => {
    const account = await t.accounts.account('buyer:one-by-one')
    const laptop = await login(account, 'laptop')
    const lost = (await list(laptop.accessToken)).find((each: { isCurrent: boolean }) => !each.isCurrent)
    expect(await me(account.token, other.baseUrl)).to.equal(200)
    expect((await revoke(laptop.accessToken, lost.id)).status).to.equal(204)
    for (const api of [t.baseUrl, other.baseUrl]) expect(await me(account.token, api)).to.equal(401)
    expect(await me(laptop.accessToken)).to.equal(200)
  })

  it('of others are answered as those that never were', async () => {
    const [mine, theirs] = [await t.accounts.account('buyer:mine'), await t.accounts.account('buyer:theirs')]
    const unknown = await revoke(mine.token, '019a0000-0000-7000-8000-000000000000')
    const foreign = await revoke(mine.token, theirs.actor.sessionId as string)
    for (const { status, body } of [unknown, foreign]) {
      expect(status).to.equal(404)
      expect(body.code).to.equal('sessions.not_found')
    }
    expect(await me(theirs.token)).to.equal(200)
  })

  it('are ended all together, this one too', async () => {
    const account = await t.accounts.account('buyer:everywhere')
    const laptop = await login(account, 'laptop')
    const answer = await request(t.baseUrl, '/api/v1/auth/sessions', {
      method: 'DELETE',
      token: laptop.accessToken,
    })
    expect(answer.status).to.equal(204)
    for (const token of [account.token, laptop.accessToken])
      for (const api of [t.baseUrl, other.baseUrl]) expect(await me(token, api)).to.equal(401)
    const audited = await t.owner('audit_log').where({ object_id: account.id, action: 'sessions_revoked' })
    expect(audited[0].details).to.deep.equal({ count: 2 })
  })

  it('end after ninety days, however often they are renewed', async () => {
    let { refreshToken } = await t.accounts.account('buyer:long')
    const renew = () => t.post('/api/v1/auth/refresh', { body: { refreshToken } })
    for (const day of [25, 50, 75, 89]) {
      t.clock.reset()
      t.clock.advance(day * 86_400_000)
      const { status, body, text } = await renew()
      expect(status, text).to.equal(200)
      refreshToken = body.refreshToken
    }
    t.clock.reset()
    t.clock.advance(90 * 86_400_000)
    expect((await renew()).status).to.equal(401)
  })

  it('are fifty at most: the one used longest ago makes room', async () => {
    const account = await t.accounts.account('buyer:many')
    const first = await login(account)
    for (let n = 0; n < 50; n++) {
      t.clock.advance(1_000)
      await login(account)
    }
    expect(await me(first.accessToken)).to.equal(401)
    expect(await list((await login(account)).accessToken)).to.have.length(50)
  })

  it('of which twenty ask at once for a new pair, one goes on', async () => {
    const { refreshToken, actor } = await t.accounts.account('buyer:twenty')
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        request(n % 2 ? t.baseUrl : other.baseUrl, '/api/v1/auth/refresh', {
          method: 'POST',
          body: { refreshToken },
        }),
      ),
    )
    const [pair, ...more] = answers.filter(({ status }) => status === 200)
    expect(more).to.be.empty
    expect(await me(pair?.body.accessToken)).to.equal(200)
    const live = await t.owner('sessions').where({ user_id: actor.id }).whereNull('revoked_at')
    expect(live).to.have.length(1)
  })

  it('whose token is used twice are in the security log, without it', async () => {
    const { refreshToken } = await t.accounts.account('buyer:stolen')
    await t.post('/api/v1/auth/refresh', { body: { refreshToken } })
    t.clock.advance(10_000)
    await t.post('/api/v1/auth/refresh', { body: { refreshToken } })
    const line = t.log.of('security').findLast(({ fields }) => fields.name === 'token_reused')
    expect(line?.fields.session).to.equal(refreshToken.split('.')[0])
    expect(JSON.stringify(t.log.lines)).to.not.include(refreshToken.split('.')[1])
  })
})
