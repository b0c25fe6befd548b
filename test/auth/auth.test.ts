import { createHmac, randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { SignJWT } from 'jose'
import { createPasswords, HASHES_AT_ONCE, MOST_WAITING } from '../../api/modules/auth/password.js'
import { useContext } from '../support/context.js'

const PASSWORD = 'a-password-for-tests'
const applicant = (email = `${randomUUID()}@example.sa`) => ({ email, password: PASSWORD, name: 'Sara' })

describe('accounts', () => {
  const t = useContext()
  const register = (body: object) => t.post('/api/v1/auth/register', { body })
  const login = (email: string, password: string) =>
    t.post('/api/v1/auth/login', { body: { email, password } })
  const refresh = (refreshToken: string) => t.post('/api/v1/auth/refresh', { body: { refreshToken } })
  const me = (token: string) => t.get('/api/v1/auth/me', { token })

  const refused = async (token: string) => {
    const answer = await me(token)
    expect(answer.status, answer.text).to.equal(401)
    expect(answer.body.code).to.equal('auth.bad_token')
    expect(answer.headers.get('www-authenticate')).to.equal('Bearer')
  }

  describe('registering', () => {
    it('opens a buyer account and signs it in', async () => {
      const answer = await register({ ...applicant('  New.Buyer@Example.SA '), phone: '0512345678' })
      expect(answer.status, answer.text).to.equal(201)
      expect(answer.body.user).to.include({
        email: 'new.buyer@example.sa',
        role: 'buyer',
        phone: '+966512345678',
        locale: 'ar',
      })
      expect(answer.body.expiresIn).to.equal(900)
      expect((await me(answer.body.accessToken)).body.id).to.equal(answer.body.user.id)
      expect(answer.text).to.not.include(PASSWORD).and.not.match(/hash/i)
    })

    it('keeps no password, and no two hashes alike', async () => {
      const [a, b] = [applicant(), applicant()]
      await register(a)
      await register(b)
      const hashes: string[] = await t
        .owner('users')
        .whereIn('email', [a.email, b.email])
        .pluck('password_hash')
      expect(hashes).to.have.length(2)
      for (const hash of hashes)
        expect(hash)
          .to.match(/^scrypt\$10\$8\$1\$/)
          .and.not.include(PASSWORD)
      expect(hashes[0]).to.not.equal(hashes[1])
    })

    it('refuses an address that is registered, however it is written', async () => {
      const first = applicant('taken@example.sa')
      expect((await register(first)).status).to.equal(201)
      for (const email of ['taken@example.sa', 'Taken@Example.SA', ' TAKEN@EXAMPLE.SA ']) {
        const answer = await register({ ...first, email })
        expect(answer.status).to.equal(409)
        expect(answer.body.code).to.equal('auth.email_taken')
      }
      expect(await t.db('users').where({ email: 'taken@example.sa' })).to.have.length(1)
    })

    it('lets one of many at once have the address', async () => {
      const body = applicant()
      const answers = await Promise.all(Array.from({ length: 6 }, () => register(body)))
      expect(answers.map(answer => answer.status).sort()).to.deep.equal([201, 409, 409, 409, 409, 409])
      expect(await t.db('users').where({ email: body.email })).to.have.length(1)
    })

    for (const consentVersion of ['', ' ', '2026 01', '<b>', '=1+1', 'x'.repeat(21)]) {
      it(`knows no privacy notice "${consentVersion}"`, async () => {
        expect((await register({ ...applicant(), consentVersion })).status).to.equal(422)
      })
    }

    it('sends away whom it could only keep waiting', async () => {
      const { hash } = createPasswords(14)
      const many = await Promise.allSettled(Array.from({ length: 200 }, () => hash(PASSWORD)))
      const refusals = many.flatMap(each => (each.status === 'rejected' ? [each.reason] : []))
      expect(refusals).to.have.length(200 - MOST_WAITING - HASHES_AT_ONCE)
      for (const refusal of refusals) expect(refusal).to.include({ kind: 'unavailable', code: 'auth.busy' })
    })

    it('gives nobody a role they ask for', async () => {
      const body = applicant()
      expect((await register({ ...body, role: 'admin' })).status).to.equal(422)
      expect(await t.db('users').where({ email: body.email })).to.be.empty
    })

    it('writes it into the audit trail, without the password', async () => {
      const { body } = await register(applicant())
      const rows = await t.owner('audit_log').where({ object_id: body.user.id })
      expect(rows.map(row => row.action)).to.deep.equal(['user_registered'])
      expect(JSON.stringify(rows)).to.not.include(PASSWORD)
    })
  })

  describe('signing in', () => {
    it('takes the address in any case', async () => {
      const { email } = await t.accounts.account('buyer')
      const answer = await login(email.toUpperCase(), PASSWORD)
      expect(answer.status, answer.text).to.equal(200)
      expect(answer.body.user.email).to.equal(email)
    })

    it('says the same to a wrong password and to somebody unknown', async () => {
      const { email } = await t.accounts.account('buyer')
      const [wrong, unknown] = [
        await login(email, 'not-the-password'),
        await login('nobody@example.sa', PASSWORD),
      ]
      for (const answer of [wrong, unknown]) {
        expect(answer.status).to.equal(401)
        expect(answer.body.code).to.equal('auth.bad_credentials')
      }
      const { requestId: _a, ...one } = wrong.body
      const { requestId: _b, ...other } = unknown.body
      expect(one).to.deep.equal(other)
    })

    it('takes the password letter by letter', async () => {
      const { email } = await t.accounts.account('buyer')
      for (const password of [PASSWORD.toUpperCase(), ` ${PASSWORD}`, `${PASSWORD} `, PASSWORD.slice(0, -1)])
        expect((await login(email, password)).status, password).to.equal(401)
    })

    it('takes the password to the byte, whatever letters look the same', async () => {
      const body = { ...applicant(), password: 'كلمة سر آمنة é'.normalize('NFC') }
      await register(body)
      expect((await login(body.email, body.password)).status).to.equal(200)
      expect((await login(body.email, body.password.normalize('NFD'))).status).to.equal(401)
    })

    it('tells a blocked account so, but only to who knows its password', async () => {
      const { id, email } = await t.accounts.account('buyer:blocked')
      await t.owner('users').where({ id }).update({ status: 'BLOCKED' })
      const answer = await login(email, PASSWORD)
      expect(answer.status).to.equal(403)
      expect(answer.body.code).to.equal('auth.blocked')
      expect((await login(email, 'not-the-password')).body.code).to.equal('auth.bad_credentials')
    })

    it('is not hindered by a token that ended', async () => {
      const { email } = await t.accounts.account('buyer')
      const answer = await t.post('/api/v1/auth/login', {
        token: 'ended',
        body: { email, password: PASSWORD },
      })
      expect(answer.status).to.equal(200)
    })

    it('renews a hash that was made at a lower cost, and leaves the others', async () => {
      const { id, email } = await t.accounts.account('buyer:weak')
      const stored = async () => (await t.owner('users').where({ id }).first('password_hash')).password_hash
      const first = await stored()
      await login(email, PASSWORD)
      expect(await stored()).to.equal(first)

      // two digits, as the form wants it
      const cheap = (await createPasswords(9).hash(PASSWORD)).replace('$9$', '$09$')
      await t.owner('users').where({ id }).update({ password_hash: cheap })
      expect((await login(email, PASSWORD)).status).to.equal(200)
      expect(await stored()).to.match(/^scrypt\$10\$/)
      expect((await login(email, PASSWORD)).status).to.equal(200)
    })
  })

  describe('refreshing', () => {
    it('gives a new pair, and the session goes on', async () => {
      const { body: first } = await register(applicant())
      const answer = await refresh(first.refreshToken)
      expect(answer.status, answer.text).to.equal(200)
      expect(answer.body.refreshToken).to.not.equal(first.refreshToken)
      expect((await me(answer.body.accessToken)).status).to.equal(200)
      expect((await refresh(answer.body.refreshToken)).status).to.equal(200)
    })

    it('ends the session when a token is used twice: two people hold it', async () => {
      const { body: first } = await register(applicant())
      const { body: second } = await refresh(first.refreshToken)
      t.clock.advance(10_000)
      expect((await refresh(first.refreshToken)).body.code).to.equal('auth.bad_token')
      expect((await refresh(second.refreshToken)).status).to.equal(401)
      await refused(second.accessToken)
      await refused(first.accessToken)
      const sessionId = first.refreshToken.split('.')[0]
      const audited = await t.owner('audit_log').where({ object_id: sessionId, action: 'token_reused' })
      expect(audited).to.have.length(1)
      t.clock.reset()
    })

    it('forgives a client that asks twice at once: it goes on with the pair it got', async () => {
      const { body: first } = await register(applicant())
      const { body: second } = await refresh(first.refreshToken)
      t.clock.advance(9_000)
      expect((await refresh(first.refreshToken)).status).to.equal(401)
      expect((await me(second.accessToken)).status).to.equal(200)
      const { body: third } = await refresh(second.refreshToken)
      // not the one before the last: that is older than any repeat
      expect((await refresh(first.refreshToken)).status).to.equal(401)
      await refused(third.accessToken)
      t.clock.reset()
    })

    it('is not ended by whoever knows its id and guesses the rest', async () => {
      const { body } = await register(applicant())
      const [sessionId, secret, mac] = body.refreshToken.split('.')
      for (const forged of [
        `${sessionId}.${'x'.repeat(43)}`,
        `${sessionId}.${'x'.repeat(43)}.${mac}`,
        `${sessionId}.${'x'.repeat(43)}.${'x'.repeat(22)}`,
        `${sessionId}.${secret}.${'x'.repeat(22)}`,
        `${randomUUID()}.${secret}.${mac}`,
      ])
        expect((await refresh(forged)).status, forged).to.equal(401)
      expect((await me(body.accessToken)).status).to.equal(200)
      expect((await refresh(body.refreshToken)).status).to.equal(200)
    })

    it('leaves the other devices alone', async () => {
      const person = applicant()
      const { body: phone } = await register(person)
      const { body: laptop } = await login(person.email, PASSWORD)
      await refresh(phone.refreshToken)
      t.clock.advance(10_000)
      await refresh(phone.refreshToken)
      expect((await me(phone.accessToken)).status).to.equal(401)
      expect((await me(laptop.accessToken)).status).to.equal(200)
      t.clock.reset()
    })

    it('lets one of many at once have the new pair', async () => {
      const { body } = await register(applicant())
      const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(body.refreshToken)))
      const [won, ...others] = answers.filter(answer => answer.status === 200)
      expect(others).to.be.empty
      expect((await me(won?.body.accessToken)).status).to.equal(200)
    })

    it('stops when the session is over or the account is blocked', async () => {
      const { body: late } = await register(applicant())
      await t
        .owner('sessions')
        .where({ user_id: late.user.id })
        .update({ expires_at: new Date(0) })
      expect((await refresh(late.refreshToken)).status).to.equal(401)

      const { body: blocked } = await register(applicant())
      await t.owner('users').where({ id: blocked.user.id }).update({ status: 'BLOCKED' })
      expect((await refresh(blocked.refreshToken)).status).to.equal(401)
    })

    for (const [what, token] of [
      ['nonsense', 'nonsense'],
      ['an id that is none', `${'-'.repeat(36)}.${'x'.repeat(43)}`],
      ['an id that is almost one', `0123456789-abcdef-0123456789-abcdef01.${'x'.repeat(43)}`],
      ['an unknown session', `${randomUUID()}.${'x'.repeat(43)}`],
      ['a session without its secret', `${randomUUID()}.`],
    ] as const) {
      it(`refuses ${what}`, async () => {
        const answer = await refresh(token)
        expect(answer.status, answer.text).to.equal(401)
        expect(answer.body.code).to.equal('auth.bad_token')
      })
    }

    it('does not take an access token', async () => {
      const { body } = await register(applicant())
      expect((await refresh(body.accessToken)).status).to.be.oneOf([401, 422])
    })

    it('keeps a keyed hash of the token, not the token', async () => {
      const { body } = await register(applicant())
      const secret = body.refreshToken.split('.')[1]
      const { refresh_hash: kept } = await t.owner('sessions').where({ user_id: body.user.id }).first()
      expect(
        kept.equals(
          createHmac('sha256', t.env.JWT_REFRESH_SECRET as string)
            .update(secret)
            .digest(),
        ),
      ).to.equal(true)
    })
  })

  describe('signing out', () => {
    it('ends the session at once, and only that one', async () => {
      const person = applicant()
      const { body: phone } = await register(person)
      const { body: laptop } = await login(person.email, PASSWORD)
      expect((await t.post('/api/v1/auth/logout', { token: phone.accessToken })).status).to.equal(204)
      await refused(phone.accessToken)
      expect((await refresh(phone.refreshToken)).status).to.equal(401)
      expect((await me(laptop.accessToken)).status).to.equal(200)
    })
  })

  describe('an access token', () => {
    const secret = (name: string) => new TextEncoder().encode(t.env[name])
    const forged = async (over: { key?: string; typ?: string; claims?: object; alg?: string } = {}) => {
      const { actor } = await t.accounts.account('buyer')
      const now = Math.floor(Date.now() / 1000)
      const claims = {
        sid: actor.sessionId,
        sub: actor.id,
        iss: 'cargoparts-api',
        aud: 'cargoparts',
        iat: now,
      }
      return new SignJWT({ ...claims, exp: now + 600, ...over.claims })
        .setProtectedHeader({ alg: over.alg ?? 'HS256', typ: over.typ ?? 'at+jwt' })
        .sign(secret(over.key ?? 'JWT_SECRET'))
    }

    it('would pass if it were made exactly so', async () => {
      expect((await me(await forged())).status).to.equal(200)
    })

    it('is refused when another secret signed it', async () => {
      await refused(await forged({ key: 'JWT_REFRESH_SECRET' }))
      await refused(await forged({ key: 'SESSION_SECRET' }))
    })

    it('is refused when nobody signed it', async () => {
      const [, payload, signature] = (await forged()).split('.')
      for (const alg of ['none', 'None', 'NONE']) {
        const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url')
        await refused(`${header}.${payload}.`)
        await refused(`${header}.${payload}.${signature}`)
      }
    })

    for (const [what, over] of [
      ['of another algorithm', { alg: 'HS512' }],
      ['of another type', { typ: 'JWT' }],
      ['for another audience', { claims: { aud: 'elsewhere' } }],
      ['from another issuer', { claims: { iss: 'elsewhere' } }],
      ['that expired', { claims: { exp: 1 } }],
      ['without an end', { claims: { exp: undefined } }],
      ['without a session', { claims: { sid: undefined } }],
      ['of a session that is not there', { claims: { sid: randomUUID() } }],
      ['whose session is no id', { claims: { sid: 'no-id' } }],
      ['whose user is no id', { claims: { sub: 'admin' } }],
      ['for somebody else', { claims: { sub: randomUUID() } }],
    ] as const) {
      it(`is refused ${what}`, async () => refused(await forged(over)))
    }

    it('is refused when its payload was changed', async () => {
      const [header, payload, signature] = (await forged()).split('.')
      const claims = JSON.parse(Buffer.from(payload as string, 'base64url').toString())
      const changed = Buffer.from(JSON.stringify({ ...claims, sub: randomUUID() })).toString('base64url')
      await refused(`${header}.${changed}.${signature}`)
    })

    it('is not to be replaced by a refresh token', async () => {
      await refused((await t.accounts.account('buyer')).refreshToken)
    })

    it('ends after fifteen minutes', async () => {
      const { body } = await register(applicant())
      t.clock.advance(14 * 60_000)
      expect((await me(body.accessToken)).status).to.equal(200)
      t.clock.advance(61_000)
      await refused(body.accessToken)
      t.clock.reset()
    })

    it('stops at once when its user is blocked', async () => {
      const { body } = await register(applicant())
      await t.owner('users').where({ id: body.user.id }).update({ status: 'BLOCKED' })
      await refused(body.accessToken)
    })

    it('is refused where the operation is open, too', async () => {
      expect((await t.get('/api/v1/listings', { token: 'ended' })).body.code).to.equal('auth.bad_token')
    })
  })
})
