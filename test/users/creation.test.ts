import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'

const OPERATOR = { kind: 'operator', name: 'root' } as const
const PASSWORD = 'a-password-for-tests'

describe('an account that an operator opens', () => {
  const t = useContext()
  afterEach(() => t.clock.reset())
  let serial = 0
  const facts = (over: object = {}) => ({
    email: `new-${++serial}@example.sa`,
    name: 'نورة',
    role: 'officer' as const,
    locale: 'ar' as const,
    ...over,
  })
  const open = (input: Parameters<typeof t.services.users.create>[0]) =>
    t.services.users.create(input, OPERATOR)
  const invitation = async (email: string) => (await inboxOf(t, email)).reset ?? ''
  const choose = (token: string, password = PASSWORD) =>
    t.post('/api/v1/auth/password/reset', { body: { token, password } })
  const login = (email: string, password = PASSWORD) =>
    t.post('/api/v1/auth/login', { body: { email, password } })

  it('has no password until its owner chooses one by the link, which confirms the address', async () => {
    const { email, ...rest } = facts()
    const id = await open({ email, ...rest })
    const { messages } = await inboxOf(t, email)
    expect(messages.map(({ subject }) => subject)).to.deep.equal(['حسابك في كارجو بارتس'])
    expect((await choose(await invitation(email))).status).to.equal(204)
    const { body } = await login(email)
    expect(body.user).to.include({ id, role: 'officer', emailVerified: true, secondFactor: false })
    const refused = await t.get('/api/v1/users', { token: body.accessToken })
    expect(refused.body.code).to.equal('auth.second_factor_required')
    // staff may always enrol
    const enrolment = { token: body.accessToken, body: { password: PASSWORD } }
    expect((await t.post('/api/v1/auth/second-factor', enrolment)).status).to.equal(201)
  })

  it('takes the link once, for three days, and no longer than another link sets the password', async () => {
    const [first, second, third] = [facts(), facts(), facts()]
    for (const each of [first, second, third]) await open(each)
    const link = await invitation(first.email)
    expect((await choose(link)).status).to.equal(204)
    expect((await choose(link)).body.code).to.equal('account.bad_link')

    const early = await invitation(second.email)
    t.clock.advance(3 * 86_400_000 - 60_000)
    await t.post('/api/v1/auth/password/forgot', { body: { email: second.email } })
    const later = await invitation(second.email)
    expect(later).to.not.equal(early)
    expect((await choose(later)).status).to.equal(204)
    expect((await choose(early)).body.code).to.equal('account.bad_link')

    const late = await invitation(third.email)
    t.clock.advance(60_000)
    expect((await choose(late)).body.code).to.equal('account.bad_link')
  })

  it('may have a password from the start, a good one', async () => {
    const { email, ...rest } = facts({ password: PASSWORD })
    await open({ email, ...rest })
    expect((await login(email)).status).to.equal(200)
    expect((await inboxOf(t, email)).messages).to.be.empty
    const weak = facts({ password: 'password123' })
    const outcome = await open(weak).catch(error => error.kind)
    expect(outcome).to.equal('invalid')
    expect(await t.owner('users').where({ email: weak.email })).to.be.empty
  })

  it('is one for an address, also when asked for many times at once', async () => {
    const input = facts()
    const outcomes = await Promise.all([1, 2, 3, 4].map(() => open(input).catch(error => error.code)))
    expect(outcomes.filter(outcome => outcome === 'auth.email_taken')).to.have.length(3)
    expect((await inboxOf(t, input.email)).messages).to.have.length(1)
  })

  it('is in the audit trail with the operator, and is opened by nobody else', async () => {
    const input = facts()
    const id = await open(input)
    const [row] = await t.owner('audit_log').where({ user_id: id })
    expect(row).to.include({ action: 'user_created', actor_kind: 'operator', actor_name: 'root' })
    const { actor } = await t.accounts.account('admin')
    const outcome = await t.services.users.create(facts(), actor).catch(error => error.code)
    expect(outcome).to.equal('auth.forbidden')
  })
})
