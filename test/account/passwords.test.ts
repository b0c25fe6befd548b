import { expect } from 'chai'
import { enrolled } from '../support/authenticator.js'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'

const NEW = 'another-password-2026'

describe('passwords', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())
  const login = (email: string, password: string) =>
    t.post('/api/v1/auth/login', { body: { email, password } })
  const change = (token: string, body: object) => t.post('/api/v1/auth/password', { token, body })
  const forgot = (email: string) => t.post('/api/v1/auth/password/forgot', { body: { email } })
  const reset = (token: string, password: string) =>
    t.post('/api/v1/auth/password/reset', { body: { token, password } })
  const me = async (token: string) => (await t.get('/api/v1/auth/me', { token })).status

  describe('that are chosen', () => {
    let serial = 0 // digits by chance may be a card number, which is refused
    const register = (password: string, over: object = {}) =>
      t.post('/api/v1/auth/register', {
        body: { email: `p-${++serial}@example.sa`, password, name: 'Sara', ...over },
      })

    for (const [what, password] of [
      ['seven characters', 'abcdefg'],
      ['129 characters', `${'x7'.repeat(64)}x`],
      ['what everybody chooses', 'password123'],
      ['the same in capitals', 'PASSWORD123'],
      ['a row of keys', 'qwertyuiop'],
      ['our own name and a year', 'CargoParts2026!'],
    ] as const)
      it(`are refused as ${what}`, async () => {
        const answer = await register(password)
        expect(answer.status, answer.text).to.equal(422)
        expect(answer.body.errors[0].pointer).to.equal('#/password')
      })

    it('are refused as the own address or name', async () => {
      for (const [password, over] of [
        ['sara.parts@example.sa', { email: 'sara.parts@example.sa' }],
        ['sara.parts', { email: 'Sara.Parts@example.com' }],
        ['Abdullah AlDosari', { name: 'abdullah aldosari' }],
      ] as const)
        expect((await register(password, over)).body.errors?.[0].detail, password).to.include('your name')
    })

    for (const [what, password] of [
      ['eight characters', 'vq8#kLmz'],
      ['128 characters', 'x7'.repeat(64)],
      ['128 letters beyond the basic plane', '🔧🔩'.repeat(64)],
      ['blanks at both ends', '  two blanks each  '],
      ['Arabic', 'كلمة مرور لا يعرفها أحد'],
    ] as const)
      it(`may be ${what}`, async () => {
        const email = `good-${what.length}@example.sa`
        expect((await register(password, { email })).status).to.equal(201)
        expect((await login(email, password)).status).to.equal(200)
        if (password.trim() !== password) expect((await login(email, password.trim())).status).to.equal(401)
      })
  })

  it('stay good however old they are', async () => {
    const { email, password } = await t.accounts.account('buyer:old')
    t.clock.advance(5 * 365 * 86_400_000)
    expect((await login(email, password)).status).to.equal(200)
  })

  describe('that are changed', () => {
    it('sign out every other device at once, and end the old one', async () => {
      const { email, password, token } = await t.accounts.account('buyer:changing')
      const { body: other } = await login(email, password)
      expect((await change(token, { password, newPassword: NEW })).status).to.equal(204)
      expect(await me(token)).to.equal(200)
      expect(await me(other.accessToken)).to.equal(401)
      expect(
        (await t.post('/api/v1/auth/refresh', { body: { refreshToken: other.refreshToken } })).status,
      ).to.equal(401)
      expect((await login(email, password)).status).to.equal(401)
      expect((await login(email, NEW)).status).to.equal(200)
      const { messages } = await inboxOf(t, email)
      expect(messages.map(({ subject }) => subject)).to.include('تغيّرت كلمة المرور')
    })

    it('want the present one, and a code where there is a second factor', async () => {
      const account = await t.accounts.account('buyer:changing-2fa')
      const { token, password } = account
      expect((await change(token, { password: 'no-password', newPassword: NEW })).body.code).to.equal(
        'auth.bad_proof',
      )
      const app = await enrolled(t, account)
      expect((await change(token, { password, newPassword: NEW })).body.code).to.equal(
        'second_factor.code_needed',
      )
      expect((await change(token, { password, newPassword: NEW, code: app.code() })).status).to.equal(204)
    })

    it('cost no code when refused', async () => {
      const account = await t.accounts.account('buyer:weak-new-2fa')
      const { token, password } = account
      const code = (await enrolled(t, account)).recoveryCodes[0]
      const weak = { password, newPassword: 'password123', recoveryCode: code }
      expect((await change(token, weak)).status).to.equal(422)
      expect((await change(token, { ...weak, newPassword: NEW })).status).to.equal(204)
    })

    it('are judged like the first one, and nothing changes when refused', async () => {
      const { email, password, token } = await t.accounts.account('buyer:weak-new')
      const answer = await change(token, { password, newPassword: 'password123' })
      expect(answer.status).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal('#/newPassword')
      expect((await login(email, password)).status).to.equal(200)
    })
  })

  describe('that are forgotten', () => {
    it('are replaced by the link in an e-mail, which signs out everywhere', async () => {
      const { email, password, token } = await t.accounts.account('buyer:forgetful')
      expect((await forgot(email)).status).to.equal(202)
      const { reset: link } = await inboxOf(t, email)
      expect((await reset(link as string, NEW)).status).to.equal(204)
      expect(await me(token)).to.equal(401)
      expect((await login(email, password)).status).to.equal(401)
      const { body } = await login(email, NEW)
      // whoever opened the mail has the address
      expect(body.user.emailVerified).to.equal(true)
    })

    it('answer the same for an address that nobody has, and write nothing to it', async () => {
      const { email } = await t.accounts.account('buyer:known')
      const [known, unknown] = [await forgot(email), await forgot('nobody-at-all@example.sa')]
      expect([known.status, known.text]).to.deep.equal([unknown.status, unknown.text])
      expect((await inboxOf(t, 'nobody-at-all@example.sa')).messages).to.be.empty
    })

    it('are replaced once by a link, within half an hour, and by no other link', async () => {
      const { email } = await t.accounts.account('buyer:links')
      await forgot(email)
      const { reset: link = '' } = await inboxOf(t, email)
      for (const bad of [
        `${link}x`,
        link.slice(0, -1),
        link.replace(/^[^.]+/, '019a0000-0000-7000-8000-000000000000'),
        'x',
      ])
        expect((await reset(bad, NEW)).body.code, bad).to.equal('account.bad_link')
      const answers = await Promise.all([1, 2, 3].map(() => reset(link, NEW)))
      expect(answers.map(({ status }) => status).sort()).to.deep.equal([204, 403, 403])

      t.clock.advance(60_000)
      await forgot(email)
      const { reset: second = '' } = await inboxOf(t, email)
      expect(second).to.not.equal(link)
      t.clock.advance(30 * 60_000)
      expect((await reset(second, NEW)).body.code).to.equal('account.bad_link')
    })

    it('are not replaced by the link that confirms an address', async () => {
      const { email } = await t.accounts.account('buyer:other-link')
      const { verification = '' } = await inboxOf(t, email)
      expect((await reset(verification, NEW)).body.code).to.equal('account.bad_link')
    })

    it('leave the second factor as it is', async () => {
      const account = await t.accounts.account('buyer:forgetful-2fa')
      await enrolled(t, account)
      await forgot(account.email)
      const { reset: link = '' } = await inboxOf(t, account.email)
      expect((await reset(link, NEW)).status).to.equal(204)
      expect((await login(account.email, NEW)).body).to.have.property('challenge')
    })

    it('send one message a minute and five a day, whoever asks', async () => {
      const { email } = await t.accounts.account('buyer:flooded')
      for (let n = 0; n < 8; n++) {
        await forgot(email)
        await forgot(email)
        await t.settle()
        t.clock.advance(60_000)
      }
      const { messages } = await inboxOf(t, email)
      expect(messages.filter(({ subject }) => subject === 'كلمة مرور جديدة')).to.have.length(5)
    })

    it('bring back no account that is blocked', async () => {
      const { id, email } = await t.accounts.account('buyer:blocked-forgetful')
      await t.owner('users').where({ id }).update({ status: 'BLOCKED' })
      await forgot(email)
      expect((await inboxOf(t, email)).reset).to.equal(undefined)
    })
  })

  it('leave no trace of a link or code in the database', async () => {
    const { email } = await t.accounts.account('buyer:traces')
    await forgot(email)
    const { reset: link = '' } = await inboxOf(t, email)
    const secret = link.split('.')[1] as string
    for (const table of ['challenges', 'outbox', 'audit_log', 'notifications'])
      expect(JSON.stringify(await t.owner(table).select()), table).to.not.include(secret)
    expect(JSON.stringify(t.log.lines)).to.not.include(secret)
  })
})
