import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'

describe('confirming an address', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())
  const verify = (token: string) => t.post('/api/v1/auth/email/verify', { body: { token } })
  const ask = (token: string) => t.post('/api/v1/auth/email/verification', { token })
  const isVerified = async (token: string) => (await t.get('/api/v1/auth/me', { token })).body.emailVerified

  it('is by the link that comes with the account, once', async () => {
    const { email, token } = await t.accounts.account('buyer:new')
    expect(await isVerified(token)).to.equal(false)
    const { verification = '' } = await inboxOf(t, email)
    expect((await verify(verification)).status).to.equal(204)
    expect(await isVerified(token)).to.equal(true)
    expect((await verify(verification)).body.code).to.equal('account.bad_link')
  })

  it('is by a link that is sent again, within a day', async () => {
    const { email, token } = await t.accounts.account('buyer:again')
    expect((await ask(token)).body.code).to.equal('account.too_many_messages')
    t.clock.advance(60_000)
    expect((await ask(token)).status).to.equal(202)
    const { verification = '' } = await inboxOf(t, email)
    t.clock.advance(24 * 60 * 60_000)
    expect((await verify(verification)).body.code).to.equal('account.bad_link')
  })

  it('is not of an address that the account no longer has', async () => {
    const { id, email, token } = await t.accounts.account('buyer:moved')
    const { verification = '' } = await inboxOf(t, email)
    await t.owner('users').where({ id }).update({ email: 'moved-on@example.sa' })
    await verify(verification)
    expect(await isVerified(token)).to.equal(false)
  })

  it('sends nothing to who has confirmed', async () => {
    const { id, email, token } = await t.accounts.account('buyer:done')
    await t.owner('users').where({ id }).update({ email_verified_at: new Date() })
    const before = (await inboxOf(t, email)).messages.length
    t.clock.advance(60_000)
    expect((await ask(token)).status).to.equal(202)
    expect((await inboxOf(t, email)).messages).to.have.length(before)
  })
})

describe('confirming a phone', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())
  const ask = (token: string, body: object = {}) => t.post('/api/v1/auth/phone/verification', { token, body })
  const verify = (token: string, code: string) =>
    t.post('/api/v1/auth/phone/verify', { token, body: { code } })
  let serial = 0
  const number = () => `+9665${String(10_000_000 + ++serial)}`
  const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

  it('is by the six digits of an SMS, in whatever digits they are typed', async () => {
    const [{ token }, phone] = [await t.accounts.account('buyer:phone'), number()]
    const asked = await ask(token, { phone: phone.replace('+966', '0') })
    expect(asked.status, asked.text).to.equal(202)
    expect(asked.body.phone).to.equal(phone)
    const { code = '' } = await inboxOf(t, phone)
    const arabic = code.replace(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string)
    expect((await verify(token, arabic)).status).to.equal(204)
    const { body } = await t.get('/api/v1/auth/me', { token })
    expect(body).to.include({ phone, phoneVerified: true })
    expect((await verify(token, code)).body.code).to.equal('account.code_over')
  })

  it('gives five tries, then no code is right', async () => {
    const [{ token }, phone] = [await t.accounts.account('buyer:guessing'), number()]
    await ask(token, { phone })
    const { code = '' } = await inboxOf(t, phone)
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => verify(token, wrong(code))))
    for (const { body } of answers) expect(body.code).to.equal('account.wrong_code')
    expect((await verify(token, code)).body.code).to.equal('account.code_over')
  })

  it('gives five minutes', async () => {
    const [{ token }, phone] = [await t.accounts.account('buyer:slow'), number()]
    await ask(token, { phone })
    const { code = '' } = await inboxOf(t, phone)
    t.clock.advance(5 * 60_000)
    expect((await verify(token, code)).body.code).to.equal('account.code_over')
  })

  it("takes the newest code, and nobody else's", async () => {
    const [{ token }, phone] = [await t.accounts.account('buyer:twice'), number()]
    await ask(token, { phone })
    const { code: first = '' } = await inboxOf(t, phone)
    t.clock.advance(60_000)
    await ask(token, { phone })
    const { code: second = '' } = await inboxOf(t, phone)
    expect((await verify(token, first)).status).to.equal(403)
    expect((await verify(await t.accounts.token('buyer:other'), second)).body.code).to.equal(
      'account.code_over',
    )
    expect((await verify(token, second)).status).to.equal(204)
  })

  it('is asked for once a minute and five times a day for one number, by however many accounts', async () => {
    const phone = number()
    const statuses: number[] = []
    for (let n = 0; n < 7; n++) {
      const token = await t.accounts.token(`buyer:flood-${n % 3}`)
      statuses.push((await ask(token, { phone })).status)
      t.clock.advance(60_000)
    }
    expect(statuses).to.deep.equal([202, 202, 202, 202, 202, 429, 429])
    const refused = await ask(await t.accounts.token('buyer:flood-0'), { phone })
    expect(refused.headers.get('retry-after')).to.equal(String(refused.body.retryAfter))
    // waiting that long is enough
    t.clock.advance(refused.body.retryAfter * 1000)
    expect((await ask(await t.accounts.token('buyer:flood-9'), { phone })).status).to.equal(202)
  })

  it('sends one SMS where a number is asked for many times at once', async () => {
    const [{ token }, phone] = [await t.accounts.account('buyer:hurried'), number()]
    const answers = await Promise.all([1, 2, 3, 4].map(() => ask(token, { phone })))
    expect(answers.filter(({ status }) => status === 202)).to.have.length(1)
    expect((await inboxOf(t, phone)).messages).to.have.length(1)
  })
})
