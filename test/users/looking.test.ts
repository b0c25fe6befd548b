import { expect } from 'chai'
import { BY_AND_ABOUT } from '../../api/modules/audit/audit-queries.js'
import { USER_DETAIL, usersFound } from '../../api/modules/users/user-queries.js'
import { termOf } from '../../api/modules/users/user-term.js'
import { useContext } from '../support/context.js'
import { superuserUrl } from '../support/database.js'
import { explainedReads } from '../support/plans.js'

const REASON = 'lost her phone'

describe('looking into an account', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())
  const viewed = (id: string) =>
    t
      .owner('audit_log')
      .where({ user_id: id, action: 'user_viewed' })
      .orderBy('id')
      .select('actor_id', 'details')

  it('shows an officer the whole of it, and leaves a trace', async () => {
    const officer = await t.accounts.account('officer')
    const shop = await t.accounts.shop('seller')
    const { id, email } = await t.accounts.account('seller')
    const { status, body, text } = await t.get(`/api/v1/users/${id}`, { as: 'officer' })
    expect(status, text).to.equal(200)
    expect(body).to.deep.include({
      id,
      email,
      phone: '+966501234567',
      role: 'seller',
      status: 'ACTIVE',
      activeSessions: 1,
      secondFactor: false,
      recoveryCodesLeft: 0,
      shop: { id: shop.id, tradeName: shop.tradeName, status: 'APPROVED' },
    })
    expect(text).to.not.match(/scrypt|hash|seed/i)
    expect(await viewed(id)).to.deep.equal([{ actor_id: officer.id, details: { look: 'account' } }])
  })

  it('shows where it is signed in, without what could be used', async () => {
    const { id, email, password, refreshToken } = await t.accounts.account('buyer:devices')
    const headers = { 'user-agent': 'tablet' }
    await t.post('/api/v1/auth/login', { body: { email, password }, headers })
    const { body, text } = await t.get(`/api/v1/users/${id}/sessions`, { as: 'officer' })
    expect(body.items).to.have.length(2)
    expect(body.items[0]).to.have.all.keys('id', 'userAgent', 'ip', 'lastUsedAt', 'expiresAt', 'createdAt')
    expect(text).to.include('tablet').and.not.include(refreshToken.split('.')[1])
  })

  it('shows what the person did and what was done to the account, the newest first, page by page', async () => {
    const { id, email, password, refreshToken } = await t.accounts.account('buyer:active')
    // a thief's second use ends the session: nobody signed in did it, and it is about this account
    await t.post('/api/v1/auth/refresh', { body: { refreshToken } })
    t.clock.advance(10_000)
    await t.post('/api/v1/auth/refresh', { body: { refreshToken } })
    const { body: back } = await t.post('/api/v1/auth/login', { body: { email, password } })
    const newPassword = 'another-password-2026'
    await t.post('/api/v1/auth/password', { token: back.accessToken, body: { password, newPassword } })
    await t.post(`/api/v1/users/${id}/block`, { as: 'officer', body: { reason: REASON } })

    const actions: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const path: string = `/api/v1/users/${id}/activity?limit=2${cursor && `&cursor=${cursor}`}`
      const { status, body, text } = await t.get(path, { as: 'officer' })
      expect(status, text).to.equal(200)
      actions.push(...body.items.map(({ action }: { action: string }) => action))
      if (cursor === '') {
        expect(body.items[0].action).to.equal('user_viewed')
        expect(body.items[0].by).to.deep.include({ kind: 'user', name: 'Test officer' })
      }
      cursor = body.nextCursor
    }
    expect(actions).to.deep.equal([
      'user_viewed',
      'sessions_revoked',
      'user_blocked',
      'password_changed',
      'token_reused',
      'user_registered',
    ])
    const { body } = await t.get(`/api/v1/users/${id}/activity`, { as: 'officer' })
    expect(body.items.at(-2)).to.deep.include({
      action: 'token_reused',
      by: { kind: 'anonymous', id: null, name: null },
    })
    // one look has one trace, however many pages it has
    expect(await viewed(id)).to.have.length(2)
  })

  it('is not for officers where the account is a colleague’s; an admin may, and everybody their own', async () => {
    const [officer, colleague] = [await t.accounts.account('officer'), await t.accounts.account('officer:2')]
    for (const part of ['', '/sessions', '/activity']) {
      const refused = await t.get(`/api/v1/users/${colleague.id}${part}`, { as: 'officer' })
      expect(refused.body.code, part).to.equal('users.above_you')
      expect((await t.get(`/api/v1/users/${colleague.id}${part}`, { as: 'admin' })).status).to.equal(200)
      expect((await t.get(`/api/v1/users/${officer.id}${part}`, { as: 'officer' })).status).to.equal(200)
      const unknown = await t.get(`/api/v1/users/${crypto.randomUUID()}${part}`, { as: 'officer' })
      expect(unknown.body.code).to.equal('users.not_found')
    }
    const ending = await t.post(`/api/v1/users/${colleague.id}/sessions/revoke`, {
      as: 'officer',
      body: { reason: REASON },
    })
    expect(ending.body.code).to.equal('users.above_you')
  })
})

describe('signing an account out', () => {
  const t = useContext()
  const end = (id: string, body: object) =>
    t.post(`/api/v1/users/${id}/sessions/revoke`, { as: 'officer', body: { reason: REASON, ...body } })
  const me = async (token: string) => (await t.get('/api/v1/auth/me', { token })).status

  it('ends one session or all, at once, and nothing when repeated', async () => {
    const { id, email, password, token, actor } = await t.accounts.account('buyer:lost')
    const login = async () =>
      (await t.post('/api/v1/auth/login', { body: { email, password } })).body.accessToken
    const [second, third] = [await login(), await login()]
    expect((await end(id, { sessionId: actor.sessionId })).body).to.deep.equal({ ended: 1 })
    expect((await end(id, { sessionId: actor.sessionId })).body).to.deep.equal({ ended: 0 })
    expect([await me(token), await me(second)]).to.deep.equal([401, 200])
    expect((await end(id, {})).body).to.deep.equal({ ended: 2 })
    expect((await end(id, {})).body).to.deep.equal({ ended: 0 })
    expect([await me(second), await me(third)]).to.deep.equal([401, 401])
    const rows = await t
      .owner('audit_log')
      .where({ user_id: id })
      .whereLike('action', 'session%')
      .orderBy('id')
    expect(rows.map(({ action, details }) => [action, details])).to.deep.equal([
      ['session_revoked', { reason: REASON }],
      ['sessions_revoked', { count: 2, reason: REASON }],
    ])
  })

  it('knows no session of somebody else', async () => {
    const [{ id }, theirs] = [
      await t.accounts.account('buyer:mine'),
      await t.accounts.account('buyer:theirs'),
    ]
    for (const sessionId of [theirs.actor.sessionId, crypto.randomUUID()])
      expect((await end(id, { sessionId })).body.code).to.equal('sessions.not_found')
    expect(await me(theirs.token)).to.equal(200)
  })
})

describe('the plans of the back office', function () {
  this.timeout(60_000)
  // before the database goes, which is what the context does after
  after(() => explained?.close())
  const t = useContext()
  const PEOPLE = 10_000
  const LARGE = ['users', 'sellers', 'audit_log', 'sessions']
  let explained: Awaited<ReturnType<typeof explainedReads>>
  let person: string

  before(async () => {
    for (const statement of [
      `insert into users (id, email, name, phone, password_hash, consent_version)
       select gen_random_uuid(), 'person' || n || '@example.sa',
         (array['نورة', 'أحمد', 'عبدالله', 'Sara', 'Ivan'])[1 + n % 5] || ' ' || md5(n::text),
         '+9665' || lpad(n::text, 8, '0'), 'x', 'x' from generate_series(1, ${PEOPLE}) n`,
      `insert into sellers (id, owner_id, trade_name, legal_name, cr_number, city)
       select gen_random_uuid(), id, 'قطع ' || md5(email), 'x', (1000000000 + row_number() over ())::text, 'x'
       from users where email like 'person%'`,
      `insert into audit_log (id, actor_kind, actor_id, action, object_type, object_id, user_id)
       select gen_random_uuid(), 'user', id, 'order_placed', 'user', id::text, id from users, generate_series(1, 3)`,
      `insert into sessions (id, user_id, refresh_hash, last_used_at, expires_at)
       select gen_random_uuid(), id, 'x', now(), now() + interval '1 day' from users`,
      'analyze users',
      'analyze sellers',
      'analyze audit_log',
      'analyze sessions',
    ])
      await t.owner.raw(statement)
    person = (await t.owner('users').where({ email: 'person77@example.sa' }).first('id')).id
    const url = new URL(superuserUrl())
    url.pathname = new URL(t.ownerUrl).pathname
    explained = await explainedReads(url.href)
  })

  function expectIndexed(...indexes: string[]) {
    const plans = explained.plans()
    expect([...plans.seqScans].filter(table => LARGE.includes(table))).to.be.empty
    expect([...plans.indexes]).to.include.members(indexes)
  }

  for (const [what, q, phone, indexes] of [
    ['a rare name', 'احمد c4ca4238', undefined, ['idx_users_name', 'idx_sellers_trade_name']],
    ['an address', 'person77@example.sa', undefined, ['idx_users_email_start']],
    ['the beginning of one', 'person777', undefined, ['idx_users_email_start', 'idx_users_name']],
    ['a number', '0500000077', '+966500000077', ['idx_users_phone']],
  ] as const)
    it(`find ${what} by its index`, async () => {
      const { statement, values } = usersFound({ term: termOf(q, phone) }, { before: undefined, limit: 21 })
      const rows = await explained.reads(statement, values)
      expect(rows).to.not.be.empty
      expectIndexed(...indexes)
    })

  for (const [what, filters, index] of [
    ['everybody', {}, 'users_pkey'],
    ['admins', { role: 'admin' }, 'idx_users_role'],
    ['the blocked', { status: 'BLOCKED' }, 'idx_users_blocked'],
  ] as const)
    it(`list ${what} by an index`, async () => {
      const { statement, values } = usersFound(filters, { before: person, limit: 21 })
      await explained.reads(statement, values)
      expectIndexed(index)
    })

  it('read an account and its history by theirs', async () => {
    await explained.reads(USER_DETAIL, [person, new Date()])
    expectIndexed('users_pkey', 'idx_sessions_user_expires')
    expect(await explained.reads(BY_AND_ABOUT, [person, null, 21])).to.have.length(3)
    expectIndexed('idx_audit_log_user', 'idx_audit_log_actor')
  })
})
