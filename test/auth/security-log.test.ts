import { expect } from 'chai'
import type { Role } from '../../api/platform/actor.js'
import type { SecurityEvent } from '../../api/platform/security-log.js'
import type { Account } from '../support/accounts.js'
import { type Enrolled, enrolled } from '../support/authenticator.js'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'
import { request } from '../support/request.js'
import { KEYS, postSigned, shopWithKey } from '../support/signing.js'

const NEW_PASSWORD = 'seven-white-falcons'

/** Everything that happens to accounts is there, by a name that does not change, with who and from where. */
describe('the security log', () => {
  const t = useContext({ env: { TRUSTED_PROXIES: '1', RATE_LIMIT_AUTH_REGISTER: '1/1h' } })
  afterEach(() => t.clock.reset())

  const headers = { 'x-forwarded-for': '203.0.113.77', 'user-agent': `app/1 ${'x'.repeat(500)}` }
  /** What must never be in it: filled as the tests go. */
  const secrets = new Set<string>()
  const post = async (path: string, body: object, token?: string) => {
    const answer = await t.post(`/api/v1${path}`, { body, headers, ...(token ? { token } : {}) })
    for (const name of ['accessToken', 'refreshToken', 'challenge', 'secret'])
      if (typeof answer.body?.[name] === 'string') secrets.add(answer.body[name])
    return answer
  }
  const login = ({ email }: Account, password: string) => post('/auth/login', { email, password })

  let serial = 0
  const person = async (role: Role = 'buyer'): Promise<Account> => {
    const account = await t.accounts.account(`${role}:watched-${++serial}`)
    for (const secret of [account.password, account.token, account.refreshToken, account.email])
      secrets.add(secret)
    return account
  }
  const withFactor = async () => {
    const account = await person()
    const app = await enrolled(t, account)
    for (const secret of [app.secret, ...app.recoveryCodes]) secrets.add(secret)
    return { account, app }
  }
  const challengeFor = async (account: Account): Promise<string> =>
    (await login(account, account.password)).body.challenge
  const wrongCode = (app: Enrolled, by: number) =>
    String((Number(app.code()) + by) % 1_000_000).padStart(6, '0')

  /** Each event, how it comes about, and what its line says beside the name. */
  const EVENTS: Record<SecurityEvent, () => Promise<Record<string, unknown>>> = {
    async auth_failed() {
      const account = await person()
      await login(account, 'a-wrong-guess-of-it')
      secrets.add('a-wrong-guess-of-it')
      return { step: 'password', user: account.id }
    },
    async auth_blocked_account() {
      const account = await person()
      await t.owner('users').where({ id: account.id }).update({ status: 'BLOCKED' })
      await login(account, account.password)
      return { user: account.id }
    },
    async token_reused() {
      const account = await person()
      await post('/auth/refresh', { refreshToken: account.refreshToken })
      t.clock.advance(10_000)
      await post('/auth/refresh', { refreshToken: account.refreshToken })
      return { session: account.actor.sessionId }
    },
    async password_changed() {
      const { id, token, password } = await person()
      secrets.add(NEW_PASSWORD)
      await post('/auth/password', { password, newPassword: NEW_PASSWORD }, token)
      return { by: id }
    },
    async password_reset() {
      const { id, email } = await person()
      await post('/auth/password/forgot', { email })
      const { reset = '' } = await inboxOf(t, email)
      secrets.add(reset)
      await post('/auth/password/reset', { token: reset, password: NEW_PASSWORD })
      return { by: id }
    },
    async second_factor_enabled() {
      return { by: (await withFactor()).account.id }
    },
    async second_factor_disabled() {
      const { account, app } = await withFactor()
      await post(
        '/auth/second-factor/disable',
        { password: account.password, code: app.code() },
        account.token,
      )
      return { by: account.id }
    },
    async second_factor_locked() {
      const { account, app } = await withFactor()
      const challenge = await challengeFor(account)
      for (let by = 1; by <= 5; by++)
        await post('/auth/login/second-step', { challenge, code: wrongCode(app, by) })
      return { by: account.id, step: 'second factor' }
    },
    async recovery_code_used() {
      const { account, app } = await withFactor()
      const challenge = await challengeFor(account)
      await post('/auth/login/second-step', { challenge, recoveryCode: app.recoveryCodes[0] })
      return { by: account.id }
    },
    async sessions_revoked() {
      const { id, token } = await person()
      await t.services.sessions.revokeAll(id, (await t.accounts.account('admin')).actor)
      expect((await t.get('/api/v1/auth/me', { token })).status).to.equal(401)
      return { user: id }
    },
    async operation_refused() {
      const { actor } = await person()
      const request = { method: 'POST', path: '/api/v1/x', bodySha256: '0'.repeat(64) }
      await t.services.operations
        .spend(actor, request, 'forged.operation.token', crypto.randomUUID())
        .catch(() => 0)
      secrets.add('forged.operation.token')
      return { by: actor.id }
    },
    async role_changed() {
      const { id } = await person()
      const path = `/api/v1/users/${id}/role`
      const admin = await t.accounts.account('admin')
      const answer = await postSigned(t, admin, path, { role: 'officer', reason: 'joins the office' })
      expect(answer.status, answer.text).to.equal(200)
      return { user: id, from: 'buyer', to: 'officer', by: admin.id }
    },
    async user_blocked() {
      const { id } = await person()
      await t.post(`/api/v1/users/${id}/block`, { as: 'officer', body: { reason: 'fraud' } })
      return { user: id }
    },
    async user_unblocked() {
      const { id } = await person()
      await t.post(`/api/v1/users/${id}/block`, { as: 'officer', body: { reason: 'fraud' } })
      await t.post(`/api/v1/users/${id}/unblock`, { as: 'officer', body: { reason: 'settled' } })
      return { user: id }
    },
    async api_key_created() {
      const { account, key, prefix } = await shopWithKey(t)
      secrets.add(key)
      return { key: prefix, by: account.id }
    },
    async api_key_revoked() {
      const { account, id, key, prefix } = await shopWithKey(t)
      secrets.add(key)
      await request(t.baseUrl, `${KEYS}/${id}`, { method: 'DELETE', token: account.token })
      return { key: prefix, user: account.id }
    },
    async api_key_refused() {
      const guessed = `cp_${'ab'.repeat(32)}`
      secrets.add(guessed)
      await t.get('/api/v1/sellers/me', { headers: { ...headers, 'x-api-key': guessed } })
      return { ip: '203.0.113.77' }
    },
    async access_denied() {
      const { id, token } = await person()
      await t.get('/api/v1/sellers/me', { token, headers })
      await t.post(`/api/v1/kyc/cases/${crypto.randomUUID()}/claim`, { token, headers, body: {} })
      return { by: id }
    },
    async rate_limited() {
      for (const email of ['one@example.sa', 'two@example.sa'])
        await post('/auth/register', { email, password: NEW_PASSWORD, name: 'Noura' })
      return { limit: 'auth:register', counted: 'ip', ip: '203.0.113.77' }
    },
  }

  for (const [name, happen] of Object.entries(EVENTS)) {
    it(`tells of ${name}`, async () => {
      const before = t.log.of('security').length
      const expected = await happen()
      const lines = t.log.of('security').slice(before)
      const line = lines.findLast(({ fields }) => fields.name === name)
      expect(line, lines.map(({ fields }) => fields.name).join()).to.not.equal(undefined)
      expect(line?.level).to.equal('warn')
      expect(line?.fields).to.include(expected)
    })
  }

  it('says where it came from, and no more of the client than a line holds', () => {
    const line = t.log.of('security').findLast(({ fields }) => fields.name === 'rate_limited')
    expect(line?.fields.ip).to.equal('203.0.113.77')
    expect(String(line?.fields.userAgent)).to.have.length(200)
  })

  it('holds no password, token, link, code or address of any of it', () => {
    const text = JSON.stringify(t.log.lines)
    expect(secrets.size).to.be.above(30)
    for (const secret of secrets) expect(text.includes(secret), secret).to.equal(false)
  })
})
