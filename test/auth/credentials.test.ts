import { expect } from 'chai'
import fc from 'fast-check'
import { createPasswords, HASHES_AT_ONCE, MOST_WAITING } from '../../api/modules/auth/password.js'
import { createTokens } from '../../api/modules/auth/tokens.js'
import { newId } from '../../api/platform/ids.js'
import { enrolled } from '../support/authenticator.js'
import { testClock } from '../support/clock.js'
import { useContext } from '../support/context.js'
import { waitingForLocks } from '../support/locks.js'
import { inboxOf } from '../support/mail.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'
import { eventually } from '../support/worker.js'

const PASSWORD = 'a-password-for-tests'
const OTHER = 'another-password-2026'

describe('a stored password', () => {
  const t = useContext()
  const login = (email: string, password: string) =>
    t.post('/api/v1/auth/login', { body: { email, password } })
  const [salt, key] = ['x'.repeat(22), 'y'.repeat(43)]

  for (const [what, stored] of [
    ['nothing', ''],
    ['the password itself', PASSWORD],
    ['a hash of another kind', `$2b$10$${'a'.repeat(53)}`],
    ['a salt and a hash, as some keep them', `${'ab'.repeat(16)}:${'cd'.repeat(64)}`],
    ['a cost beyond any machine', `scrypt$99$8$1$${salt}$${key}`],
    ['a cost of terabytes', `scrypt$31$8$1$${salt}$${key}`],
    ['a cost of nothing', `scrypt$00$8$1$${salt}$${key}`],
    ['a block beyond any machine', `scrypt$10$99999999$1$${salt}$${key}`],
    ['many lanes', `scrypt$10$8$100000$${salt}$${key}`],
    ['none at all', `scrypt$10$0$0$${salt}$${key}`],
    ['half of a hash', `scrypt$10$8$1$${salt}$${key.slice(20)}`],
  ] as const)
    it(`that is ${what} lets nobody in, and is answered like a wrong one`, async () => {
      const { id, email } = await t.accounts.account(`buyer:${what.replace(/\W+/g, '-')}`)
      await t.owner('users').where({ id }).update({ password_hash: stored })
      const answer = await login(email, PASSWORD)
      expect(answer.status, answer.text).to.equal(401)
      expect(answer.body.code).to.equal('auth.bad_credentials')
    })

  it('of nobody, or one that cannot be read, takes a hash like any other', async () => {
    const more = 10
    for (const stored of [undefined, 'x', `scrypt$99$8$1$${salt}$${key}`]) {
      // they queue for the same places, so that the last ones are sent away
      const { verify } = createPasswords(10)
      const all = Array.from({ length: HASHES_AT_ONCE + MOST_WAITING + more }, () => verify('x', stored))
      const refused = (await Promise.allSettled(all)).filter(({ status }) => status === 'rejected')
      expect(refused, String(stored)).to.have.length(more)
    }
  })

  it('is renewed where any part of its cost is below ours', () => {
    const { needsRehash } = createPasswords(12)
    const of = (cost: string) => needsRehash(`scrypt$${cost}$${salt}$${key}`)
    expect([of('12$8$1'), of('13$8$1'), of('12$9$2')]).to.deep.equal([false, false, false])
    expect([of('11$8$1'), of('12$4$1'), needsRehash('nonsense')]).to.deep.equal([true, true, true])
  })

  it('is renewed once by many logins at once, which all succeed', async () => {
    const { id, email } = await t.accounts.account('buyer:renewed')
    const cheap = (await createPasswords(9).hash(PASSWORD)).replace('$9$', '$09$')
    await t.owner('users').where({ id }).update({ password_hash: cheap })
    const answers = await Promise.all(Array.from({ length: 12 }, () => login(email, PASSWORD)))
    for (const { status, text } of answers) expect(status, text).to.equal(200)
    expect((await t.owner('users').where({ id }).first('password_hash')).password_hash).to.match(
      /^scrypt\$10\$/,
    )
  })

  describe('and what changes while it is being compared:', () => {
    /** A login that has read the account, and waits while `change` is about to be committed. */
    async function during(change: object, id: string, email: string) {
      const trx = await t.owner.transaction()
      await trx('users').where({ id }).update(change)
      const answer = login(email, PASSWORD)
      await Promise.race([answer, eventually('a login waits', async () => (await waitingForLocks(t)) > 0)])
      await trx.commit()
      return answer
    }

    it('another password is the one that counts', async () => {
      const { id, email } = await t.accounts.account('buyer:race-1')
      const answer = await during({ password_hash: await createPasswords(10).hash(OTHER) }, id, email)
      expect(answer.body.code).to.equal('auth.bad_credentials')
      expect((await login(email, OTHER)).status).to.equal(200)
    })

    it('a dearer hash of the same password lets in', async () => {
      const { id, email } = await t.accounts.account('buyer:race-2')
      const answer = await during({ password_hash: await createPasswords(11).hash(PASSWORD) }, id, email)
      expect(answer.status, answer.text).to.equal(200)
    })

    it('a cheap hash that is renewed does not bring back the old password', async () => {
      const { id, email } = await t.accounts.account('buyer:race-3')
      const cheap = (await createPasswords(9).hash(PASSWORD)).replace('$9$', '$09$')
      await t.owner('users').where({ id }).update({ password_hash: cheap })
      const trx = await t.owner.transaction()
      // lets the login in, and its renewed hash wait
      await trx('users').where({ id }).forShare().first('id')
      const answer = login(email, PASSWORD)
      await eventually('a renewed hash waits', async () => (await waitingForLocks(t)) > 0)
      await trx('users')
        .where({ id })
        .update({ password_hash: await createPasswords(10).hash(OTHER) })
      await trx.commit()
      expect((await answer).status).to.equal(200)
      expect((await login(email, PASSWORD)).status).to.equal(401)
      expect((await login(email, OTHER)).status).to.equal(200)
    })

    it('a block keeps out', async () => {
      const { id, email } = await t.accounts.account('buyer:race-4')
      expect((await during({ status: 'BLOCKED' }, id, email)).body.code).to.equal('auth.blocked')
    })

    it('a second factor is asked for', async () => {
      const { id, email } = await t.accounts.account('buyer:race-5')
      expect((await during({ has_second_factor: true }, id, email)).body).to.have.property('challenge')
    })
  })

  it('may be digits where the name has no letters', async () => {
    const body = { email: '0501234567@example.sa', name: '٧٧', password: '7364918205' }
    expect((await t.post('/api/v1/auth/register', { body })).status).to.equal(201)
  })

  it('is not lost from sight when the database fails: the link is tried again', async () => {
    const { email } = await t.accounts.account('buyer:unlucky')
    await t.owner.raw('alter table challenges rename to elsewhere')
    const outcome = await t.services.account.openReset(email).then(
      () => 'done',
      error => error.name,
    )
    await t.owner.raw('alter table elsewhere rename to challenges')
    expect(outcome).to.not.equal('done')
  })
})

describe('a second step', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())

  it('is begun by a password, not by a link of another kind, which tries no code', async () => {
    const account = await t.accounts.account('buyer:link')
    const { verification: link = '' } = await inboxOf(t, account.email)
    const app = await enrolled(t, account)
    const code = app.code()
    const step = (challenge: string) =>
      t.post('/api/v1/auth/login/second-step', { body: { challenge, code } })
    expect((await step(link)).body.code).to.equal('auth.bad_token')
    const { email, password } = account
    const { challenge } = (await t.post('/api/v1/auth/login', { body: { email, password } })).body
    expect((await step(challenge)).status).to.equal(200)
  })

  it('ends with the password it was begun with', async () => {
    const account = await t.accounts.account('buyer:reset')
    const { email, password } = account
    const app = await enrolled(t, account)
    const { challenge } = (await t.post('/api/v1/auth/login', { body: { email, password } })).body
    await t.post('/api/v1/auth/password/forgot', { body: { email } })
    const { reset: token = '' } = await inboxOf(t, email)
    expect(
      (await t.post('/api/v1/auth/password/reset', { body: { token, password: OTHER } })).status,
    ).to.equal(204)
    const body = { challenge, code: app.code() }
    expect((await t.post('/api/v1/auth/login/second-step', { body })).body.code).to.equal('auth.bad_token')
  })
})

for (const [window, taken, refused] of [
  ['0', 0, -1],
  ['2', -2, -3],
] as const)
  describe(`a TOTP_WINDOW of ${window}`, () => {
    const t = useContext({ env: { TOTP_WINDOW: window } })

    it(`takes the code of ${-taken} steps ago, and not that of ${-refused}`, async () => {
      const account = await t.accounts.account('buyer')
      const app = await enrolled(t, account)
      t.clock.advance(150_000)
      const { email, password } = account
      const step = async (steps: number) => {
        const { challenge } = (await t.post('/api/v1/auth/login', { body: { email, password } })).body
        const body = { challenge, code: app.code(steps) }
        return (await t.post('/api/v1/auth/login/second-step', { body })).status
      }
      expect(await step(refused)).to.equal(403)
      expect(await step(taken)).to.equal(200)
    })
  })

describe('secrets exchanged by the configuration', () => {
  const t = useContext()
  let next: SecondApi
  before(async () => {
    next = await startSecondApi({
      ...t.env,
      JWT_SECRET: 'the-next-access-secret-of-32-letters',
      JWT_SECRET_PREVIOUS: t.env.JWT_SECRET as string,
      JWT_REFRESH_SECRET: 'the-next-refresh-secret-of-32-letter',
      JWT_REFRESH_SECRET_PREVIOUS: t.env.JWT_REFRESH_SECRET as string,
    })
  })
  after(() => next?.close())

  it('leave people signed in, and what is given out new is signed with the new ones', async () => {
    const { token, refreshToken } = await t.accounts.account('buyer')
    expect((await next.send('/api/v1/auth/me', { token })).status).to.equal(200)
    const renewed = await next.send('/api/v1/auth/refresh', { method: 'POST', body: { refreshToken } })
    expect(renewed.status, renewed.text).to.equal(200)
    expect((await next.send('/api/v1/auth/me', { token: renewed.body.accessToken })).status).to.equal(200)
    // who has only the old ones does not take what the new ones signed
    expect((await t.get('/api/v1/auth/me', { token: renewed.body.accessToken })).status).to.equal(401)
    const again = { body: { refreshToken: renewed.body.refreshToken } }
    expect((await t.post('/api/v1/auth/refresh', again)).status).to.equal(401)
  })
})

describe('an access token that is read', () => {
  const clock = testClock()
  const secrets = () => ['an-access-secret-of-thirty-two-letters']
  const tokens = createTokens({ accessSecrets: secrets, refreshSecrets: secrets, clock })
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'good',
      error => error.code ?? error.message,
    )

  it('is refused as bad, whatever nonsense it is', async () => {
    const part = fc.oneof(
      fc.string(),
      fc.json().map(text => Buffer.from(text).toString('base64url')),
      fc
        .record({
          alg: fc.constantFrom('HS256', 'none', 'RS256', ''),
          kid: fc.anything(),
          crit: fc.anything(),
        })
        .map(head => Buffer.from(JSON.stringify(head)).toString('base64url')),
    )
    const nonsense = fc.array(part, { maxLength: 5 }).map(parts => parts.join('.'))
    await fc.assert(
      fc.asyncProperty(nonsense, async token => {
        expect(await outcome(tokens.readAccess(token))).to.equal('auth.bad_token')
      }),
      { numRuns: 300 },
    )
  })

  it('is not called bad for a fault of ours', async () => {
    const broken = createTokens({
      accessSecrets: () => {
        throw new Error('no secret is configured')
      },
      refreshSecrets: secrets,
      clock,
    })
    const token = await tokens.access({ userId: newId(), sessionId: newId() })
    expect(await outcome(broken.readAccess(token))).to.equal('no secret is configured')
  })
})
