import { expect } from 'chai'
import type { Account, Who } from '../support/accounts.js'
import { enrolled } from '../support/authenticator.js'
import { useContext } from '../support/context.js'

const FACTOR = '/api/v1/auth/second-factor'

describe('the second factor', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())

  const login = (email: string, password: string) =>
    t.post('/api/v1/auth/login', { body: { email, password } })
  const secondStep = (challenge: string, proof: object) =>
    t.post('/api/v1/auth/login/second-step', { body: { challenge, ...proof } })
  const challengeFor = async (account: Account): Promise<string> =>
    (await login(account.email, account.password)).body.challenge
  const me = (token: string) => t.get('/api/v1/auth/me', { token })

  let serial = 0
  const person = async (role: Who = 'buyer') => {
    const account = await t.accounts.account(`${role.split(':')[0] as 'buyer'}:2fa-${++serial}`)
    return { account, app: await enrolled(t, account) }
  }

  describe('is enrolled', () => {
    it('with a secret, a URI and a picture of it, and a first code', async () => {
      const account = await t.accounts.account('buyer:enrolling')
      const begun = await t.post(FACTOR, { token: account.token, body: { password: account.password } })
      expect(begun.status, begun.text).to.equal(201)
      expect(begun.body.secret).to.match(/^[A-Z2-7]{32}$/)
      expect(begun.body.otpauthUri).to.include(`secret=${begun.body.secret}`).and.include('issuer=CargoParts')
      expect(begun.body.qrSvg).to.match(/^<svg[^>]*>.*<\/svg>\s*$/s)
      // not on before a code of it was shown
      expect((await t.get(FACTOR, { token: account.token })).body).to.deep.equal({
        isOn: false,
        confirmedAt: null,
        recoveryCodesLeft: 0,
      })
      expect((await login(account.email, account.password)).body).to.have.property('accessToken')
    })

    it('for the password only', async () => {
      const { token } = await t.accounts.account('buyer:careless')
      const answer = await t.post(FACTOR, { token, body: { password: 'not-the-password' } })
      expect(answer.status).to.equal(403)
      expect(answer.body.code).to.equal('auth.bad_proof')
    })

    it('and signs out what the password alone had signed in', async () => {
      const account = await t.accounts.account('buyer:two-devices')
      const { body: other } = await login(account.email, account.password)
      await enrolled(t, account)
      expect((await me(account.token)).status).to.equal(200)
      expect((await me(other.accessToken)).status).to.equal(401)
    })

    it('with no seed in clear anywhere in the database', async () => {
      const { account, app } = await person()
      const row = await t.owner('second_factors').where({ user_id: account.id }).first()
      expect(row.seed.length).to.be.above(40)
      const dump = JSON.stringify(await t.owner('outbox').select()) + JSON.stringify(row)
      expect(dump).to.not.include(app.secret)
    })

    it('and a seed moved to another account does not open there', async () => {
      const [{ account: a }, { account: b, app }] = [await person(), await person()]
      const { seed } = await t.owner('second_factors').where({ user_id: b.id }).first()
      await t.owner('second_factors').where({ user_id: a.id }).update({ seed })
      const answer = await secondStep(await challengeFor(a), { code: app.code() })
      expect(answer.status).to.equal(500)
    })
  })

  describe('at a login', () => {
    it('is asked for after the password, and nothing is signed in before', async () => {
      const { account, app } = await person()
      const first = await login(account.email, account.password)
      expect(first.status).to.equal(200)
      expect(Object.keys(first.body)).to.have.members(['challenge', 'expiresAt'])
      const second = await secondStep(first.body.challenge, { code: app.code() })
      expect(second.status, second.text).to.equal(200)
      expect((await me(second.body.accessToken)).body.secondFactor).to.equal(true)
    })

    it('takes a code once, and none that is older', async () => {
      const { account, app } = await person()
      expect((await secondStep(await challengeFor(account), { code: app.code() })).status).to.equal(200)
      for (const code of [app.code(), app.code(-1)]) {
        const again = await secondStep(await challengeFor(account), { code })
        expect(again.body.code, code).to.equal('second_factor.wrong_code')
      }
      expect((await secondStep(await challengeFor(account), { code: app.code(1) })).status).to.equal(200)
    })

    it('takes a code once when it comes twice at once', async () => {
      const { account, app } = await person()
      const challenges = await Promise.all([1, 2, 3, 4].map(() => challengeFor(account)))
      const code = app.code()
      const answers = await Promise.all(challenges.map(challenge => secondStep(challenge, { code })))
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1)
    })

    it('takes the step before and the step after, and no other', async () => {
      for (const [steps, status] of [
        [-2, 403],
        [-1, 200],
        [1, 200],
        [2, 403],
      ] as const) {
        const { account, app } = await person()
        t.clock.advance(120_000)
        const answer = await secondStep(await challengeFor(account), { code: app.code(steps) })
        expect(answer.status, `${steps}`).to.equal(status)
      }
    })

    it('takes Arabic digits and blanks', async () => {
      const { account, app } = await person()
      const arabic = app.code().replace(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string)
      const typed = `${arabic.slice(0, 3)} ${arabic.slice(3)}`
      expect((await secondStep(await challengeFor(account), { code: typed })).status).to.equal(200)
    })

    it('closes after five wrong codes, for the right one too, and opens by itself', async () => {
      const { account, app } = await person()
      for (let n = 0; n < 5; n++) {
        const wrong = String((Number(app.code()) + 1 + n) % 1_000_000).padStart(6, '0')
        expect((await secondStep(await challengeFor(account), { code: wrong })).status).to.equal(403)
      }
      const shut = await secondStep(await challengeFor(account), { code: app.code() })
      expect(shut.status).to.equal(429)
      expect(shut.body).to.include({ code: 'second_factor.locked', retryAfter: 900 })
      t.clock.advance(15 * 60_000)
      expect((await secondStep(await challengeFor(account), { code: app.code() })).status).to.equal(200)
      const events = t.log.of('security').map(({ fields }) => fields.name)
      expect(events).to.include.members(['auth_failed', 'second_factor_locked'])
    })

    it('gives one challenge five tries and five minutes', async () => {
      const { account, app } = await person()
      const challenge = await challengeFor(account)
      t.clock.advance(5 * 60_000)
      expect((await secondStep(challenge, { code: app.code() })).body.code).to.equal('auth.bad_token')
      for (const forged of ['', 'x', challenge.replace(/.$/, '_'), challenge.slice(0, 36)]) {
        expect((await secondStep(forged, { code: app.code() })).status, forged).to.be.oneOf([401, 422])
      }
    })

    it('signs in once by one challenge', async () => {
      const { account, app } = await person()
      const challenge = await challengeFor(account)
      expect((await secondStep(challenge, { code: app.code() })).status).to.equal(200)
      expect((await secondStep(challenge, { code: app.code(1) })).status).to.equal(401)
    })

    it('is no way around a block or another password', async () => {
      const { account, app } = await person()
      const challenge = await challengeFor(account)
      await t.owner('users').where({ id: account.id }).update({ status: 'BLOCKED' })
      expect((await secondStep(challenge, { code: app.code() })).body.code).to.equal('auth.blocked')
    })

    it('wants a code or a recovery code, not both and not none', async () => {
      const { account, app } = await person()
      const challenge = await challengeFor(account)
      for (const proof of [{}, { code: app.code(), recoveryCode: app.recoveryCodes[0] }])
        expect((await secondStep(challenge, proof)).status).to.equal(422)
    })
  })

  describe('with the phone lost', () => {
    it('is recovered by a code on paper, and another phone takes its place', async () => {
      const { account, app } = await person()
      expect(app.recoveryCodes).to.have.length(10)
      const [one, two] = app.recoveryCodes as [string, string]
      const { body: back } = await secondStep(await challengeFor(account), {
        recoveryCode: one.toLowerCase(),
      })
      expect(back).to.have.property('accessToken')

      const token = back.accessToken
      const begun = await t.post(FACTOR, { token, body: { password: account.password, recoveryCode: two } })
      expect(begun.status, begun.text).to.equal(201)
      // until the new phone has shown a code, the old one stays
      expect((await t.get(FACTOR, { token })).body).to.include({ isOn: true, recoveryCodesLeft: 8 })
      const fresh = await enrolledAgain(token, begun.body.secret)
      expect(fresh.body.recoveryCodes).to.have.length(10)
      expect(fresh.body.recoveryCodes).to.not.include.members([app.recoveryCodes[5]])

      t.clock.advance(30_000)
      const old = await secondStep(await challengeFor(account), { code: app.code() })
      expect(old.body.code).to.equal('second_factor.wrong_code')
      const paper = await secondStep(await challengeFor(account), { recoveryCode: app.recoveryCodes[4] })
      expect(paper.body.code).to.equal('second_factor.wrong_code')
    })

    const enrolledAgain = async (token: string, secret: string) => {
      const { codeAt } = await import('../../api/modules/second-factor/totp.js')
      return t.post(`${FACTOR}/confirm`, { token, body: { code: codeAt(secret, t.clock.now()) } })
    }

    it('takes each of the ten once, also when it comes many times at once', async () => {
      const { account, app } = await person()
      const recoveryCode = app.recoveryCodes[0]
      const challenges = await Promise.all([1, 2, 3].map(() => challengeFor(account)))
      const answers = await Promise.all(challenges.map(each => secondStep(each, { recoveryCode })))
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1)
      const audited = await t
        .owner('audit_log')
        .where({ action: 'recovery_code_used', object_id: account.id })
      expect(audited).to.have.length(1)
    })

    it('keeps no code that could be read', async () => {
      const { account, app } = await person()
      const rows = await t.owner('recovery_codes').where({ user_id: account.id })
      expect(rows).to.have.length(10)
      for (const code of app.recoveryCodes)
        for (const row of rows) expect(row.code_hash.toString('latin1')).to.not.include(code.slice(0, 4))
    })

    it('gives ten new ones for the password and a code', async () => {
      const { account, app } = await person()
      const path = `${FACTOR}/recovery-codes`
      const { token, password } = account
      expect((await t.post(path, { token, body: { password } })).body.code).to.equal(
        'second_factor.code_needed',
      )
      const answer = await t.post(path, { token, body: { password, code: app.code() } })
      expect(answer.body.recoveryCodes).to.have.length(10)
      const gone = await secondStep(await challengeFor(account), { recoveryCode: app.recoveryCodes[0] })
      expect(gone.status).to.equal(403)
    })
  })

  describe('is switched off', () => {
    it('for the password and a code, by buyers', async () => {
      const { account, app } = await person()
      const { token, password } = account
      const off = (body: object) => t.post(`${FACTOR}/disable`, { token, body })
      expect((await off({ password })).body.code).to.equal('second_factor.code_needed')
      expect((await off({ password: 'wrong-password', code: app.code() })).body.code).to.equal(
        'auth.bad_proof',
      )
      expect((await off({ password, code: app.code() })).status).to.equal(204)
      expect((await login(account.email, password)).body).to.have.property('accessToken')
      expect(await t.owner('recovery_codes').where({ user_id: account.id })).to.be.empty
    })

    it('by staff never', async () => {
      const account = await t.accounts.account('officer:2fa')
      await t.owner('users').where({ id: account.id }).update({ has_second_factor: false })
      const app = await enrolled(t, account)
      const answer = await t.post(`${FACTOR}/disable`, {
        token: account.token,
        body: { password: account.password, code: app.code() },
      })
      expect(answer.body.code).to.equal('second_factor.required')
    })
  })

  it('tells its owner by e-mail, and the audit trail', async () => {
    const { account } = await person()
    await t.settle()
    const subjects = t.sandbox.control.messages.list(account.email).map(({ subject }) => subject)
    expect(subjects).to.include('فُعّل التحقق بخطوتين')
    const actions = await t.owner('audit_log').where({ object_id: account.id }).pluck('action')
    expect(actions).to.include('second_factor_enabled')
  })
})

describe('a second factor that is not offered', () => {
  const t = useContext({ env: { ENABLE_2FA: 'false' } })

  it('is not enrolled by buyers and sellers, but by staff', async () => {
    for (const [who, status] of [
      ['buyer', 409],
      ['seller', 409],
      ['finance', 201],
    ] as const) {
      const { id, token, password } = await t.accounts.account(who)
      await t.owner('users').where({ id }).update({ has_second_factor: false })
      expect((await t.post(FACTOR, { token, body: { password } })).status, who).to.equal(status)
    }
  })
})
