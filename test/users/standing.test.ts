import { expect } from 'chai'
import type { Account, Who } from '../support/accounts.js'
import { enrolled } from '../support/authenticator.js'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'
import { operationToken, postSigned } from '../support/signing.js'

const REASON = 'chargeback fraud, case 1734'

describe('blocking an account', () => {
  const t = useContext()
  let other: SecondApi
  before(async () => {
    other = await startSecondApi(t.env)
  })
  after(() => other?.close())
  afterEach(() => t.clock.reset())

  const act = (what: string, id: string, as: Who, reason: string = REASON) =>
    t.post(`/api/v1/users/${id}/${what}`, { as, body: { reason } })
  const block = (id: string, as: Who = 'officer', reason?: string) => act('block', id, as, reason)
  const unblock = (id: string, as: Who = 'officer', reason?: string) => act('unblock', id, as, reason)
  const audited = (id: string, action: string) => t.owner('audit_log').where({ user_id: id, action })
  const login = ({ email, password }: Account) => t.post('/api/v1/auth/login', { body: { email, password } })

  it('is in force with the next request, in every process', async () => {
    const { id, token, refreshToken } = await t.accounts.account('buyer:fraud')
    expect((await other.send('/api/v1/auth/me', { token })).status).to.equal(200)
    const answer = await block(id)
    expect(answer.status, answer.text).to.equal(200)
    expect(answer.body).to.include({ status: 'BLOCKED', blockedReason: REASON, activeSessions: 0 })
    expect((await t.get('/api/v1/auth/me', { token })).status).to.equal(401)
    expect((await other.send('/api/v1/auth/me', { token })).status).to.equal(401)
    const again = { method: 'POST', body: { refreshToken } }
    expect((await other.send('/api/v1/auth/refresh', again)).status).to.equal(401)
  })

  it('ends the sessions for good: unblocked, the person signs in again', async () => {
    const account = await t.accounts.account('buyer:mended')
    await block(account.id)
    expect((await login(account)).body.code).to.equal('auth.blocked')
    const answer = await unblock(account.id, 'officer', 'a mistake of ours')
    expect(answer.body).to.include({ status: 'ACTIVE', blockedReason: null, blockedAt: null })
    expect((await t.get('/api/v1/auth/me', { token: account.token })).status).to.equal(401)
    expect((await login(account)).status).to.equal(200)
  })

  it('leaves who, whom, why and from where in the audit trail, and a line in the security log', async () => {
    const [officer, { id }] = [await t.accounts.account('officer'), await t.accounts.account('buyer:audited')]
    await block(id)
    await unblock(id, 'officer', 'settled')
    const [row] = await audited(id, 'user_blocked')
    expect(row).to.include({ actor_id: officer.id, object_id: id, ip: '127.0.0.1' })
    expect(row.details).to.deep.equal({ reason: REASON })
    expect((await audited(id, 'sessions_revoked'))[0].details).to.deep.equal({ count: 1, reason: REASON })
    expect((await audited(id, 'user_unblocked'))[0].details).to.deep.equal({ reason: 'settled' })
    const lines = t.log.of('security').filter(({ fields }) => fields.user === id)
    expect(lines.map(({ fields }) => fields.name)).to.deep.equal(['user_blocked', 'user_unblocked'])
    expect(lines[0]?.fields.by).to.equal(officer.id)
  })

  it('tells the person, and closes the links and first steps that are out', async () => {
    const account = await t.accounts.account('buyer:links')
    const { id, email } = account
    await enrolled(t, account)
    const { challenge } = (await login(account)).body
    await t.post('/api/v1/auth/password/forgot', { body: { email } })
    const { reset: link = '' } = await inboxOf(t, email)
    await block(id)
    const { messages } = await inboxOf(t, email)
    expect(messages.map(({ subject }) => subject)).to.include('أُوقف حسابك')
    await unblock(id)
    const body = { token: link, password: 'another-password-2026' }
    expect((await t.post('/api/v1/auth/password/reset', { body })).body.code).to.equal('account.bad_link')
    const step = { challenge, code: '000000' }
    expect((await t.post('/api/v1/auth/login/second-step', { body: step })).status).to.equal(401)
  })

  it('changes nothing when repeated, and nothing twice when many do it at once', async () => {
    const { id } = await t.accounts.account('buyer:repeated')
    const answers = await Promise.all(Array.from({ length: 6 }, () => block(id)))
    for (const { status } of answers) expect(status).to.equal(200)
    const again = await block(id, 'admin', 'another reason')
    expect(again.body.blockedReason).to.equal(REASON)
    expect(await audited(id, 'user_blocked')).to.have.length(1)
    await Promise.all([unblock(id), unblock(id)])
    expect(await audited(id, 'user_unblocked')).to.have.length(1)
  })

  it('wants a reason', async () => {
    const { id } = await t.accounts.account('buyer:why')
    for (const body of [{}, { reason: '' }, { reason: ' x ' }, { reason: 'x'.repeat(501) }, { reason: 7 }]) {
      const { status } = await t.post(`/api/v1/users/${id}/block`, { as: 'officer', body })
      expect(status, JSON.stringify(body)).to.equal(422)
    }
    expect((await t.owner('users').where({ id }).first('status')).status).to.equal('ACTIVE')
  })

  it('is not done to oneself, to staff by an officer, or by anybody else', async () => {
    const [officer, admin] = [await t.accounts.account('officer'), await t.accounts.account('admin')]
    const colleague = await t.accounts.account('officer:2')
    const { id } = await t.accounts.account('buyer:bystander')
    expect((await block(officer.id)).body.code).to.equal('users.oneself')
    expect((await block(admin.id, 'admin')).body.code).to.equal('users.oneself')
    for (const above of [admin.id, colleague.id, await t.accounts.account('finance').then(({ id }) => id)])
      for (const each of [block, unblock]) expect((await each(above)).body.code).to.equal('users.above_you')
    for (const as of ['buyer', 'seller', 'finance'] as const)
      for (const each of [block, unblock]) expect((await each(id, as)).status, as).to.equal(403)
    expect((await block(crypto.randomUUID())).body.code).to.equal('users.not_found')
    expect(await t.owner('users').where({ status: 'BLOCKED' })).to.satisfy((rows: { id: string }[]) =>
      rows.every(row => ![officer.id, admin.id, colleague.id, id].includes(row.id)),
    )
    expect((await block(colleague.id, 'admin')).status).to.equal(200)
  })

  it('is refused to who was blocked or lost the role between the door and the deed', async () => {
    const { id } = await t.accounts.account('buyer:late')
    const { actor } = await t.accounts.account('officer:late')
    for (const change of [{ status: 'BLOCKED' }, { status: 'ACTIVE', role: 'buyer' }]) {
      await t.owner('users').where({ id: actor.id }).update(change)
      const outcome = await t.services.users.block(id, REASON, actor).catch(error => error.code)
      expect(outcome).to.equal('auth.forbidden')
    }
  })
})

describe('giving roles', () => {
  const t = useContext()
  let other: SecondApi
  before(async () => {
    other = await startSecondApi(t.env)
  })
  after(() => other?.close())

  const change = async (id: string, role: string, by: Who = 'admin') =>
    postSigned(t, await t.accounts.account(by), `/api/v1/users/${id}/role`, { role, reason: 'a new job' })
  const roleOf = async (id: string) => (await t.owner('users').where({ id }).first('role')).role

  it('is in force with the next request in every process, and signs out', async () => {
    const account = await t.accounts.account('officer:promoted')
    const { id, token } = account
    const search = () => other.send('/api/v1/users', { token })
    expect((await search()).status).to.equal(200)
    const answer = await change(id, 'finance')
    expect(answer.status, answer.text).to.equal(200)
    expect(answer.body.role).to.equal('finance')
    expect((await search()).status).to.equal(401)
    const { body } = await t.post('/api/v1/auth/login', { body: account })
    expect(body.code, 'the account’s own fields only').to.equal('request.invalid')
    const { email, password } = account
    const { body: back } = await t.post('/api/v1/auth/login', { body: { email, password } })
    expect(back).to.have.property('challenge')
  })

  it('holds for a session that goes on, too: each request asks', async () => {
    const { id, token } = await t.accounts.account('officer:watched')
    await t.owner('users').where({ id }).update({ role: 'buyer' })
    expect((await other.send('/api/v1/users', { token })).status).to.equal(403)
    expect((await t.get('/api/v1/users', { token })).status).to.equal(403)
  })

  it('lets new staff do nothing before they have a second factor', async () => {
    const account = await t.accounts.account('buyer:new-officer')
    expect((await change(account.id, 'officer')).status).to.equal(200)
    const { email, password } = account
    const { body } = await t.post('/api/v1/auth/login', { body: { email, password } })
    const token = body.accessToken
    expect((await t.get('/api/v1/users', { token })).body.code).to.equal('auth.second_factor_required')
    await enrolled(t, { ...account, token })
    t.clock.reset()
    expect((await t.get('/api/v1/users', { token })).status).to.equal(200)
  })

  it('wants an Operation-Token for this very request, once', async () => {
    const [admin, { id }] = [await t.accounts.account('admin'), await t.accounts.account('buyer:signed')]
    const path = `/api/v1/users/${id}/role`
    const body = { role: 'officer', reason: 'a new job' }
    const send = (operation: string, sent: object = body) =>
      t.post(path, { token: admin.token, body: sent, headers: { 'operation-token': operation } })
    expect((await t.post(path, { as: 'admin', body })).body.code).to.equal('operations.token_needed')
    const operation = await operationToken(t, admin, { method: 'POST', path, raw: JSON.stringify(body) })
    const more = await send(operation, { ...body, role: 'admin' })
    expect(more.body.code).to.equal('operations.bad_token')
    expect(await roleOf(id)).to.equal('buyer')
    expect((await send(operation)).status).to.equal(200)
    expect((await send(operation)).body.code).to.equal('operations.bad_token')
  })

  it('is for admins, and not for oneself', async () => {
    const admin = await t.accounts.account('admin')
    const { id } = await t.accounts.account('buyer:ambitious')
    for (const by of ['officer', 'buyer'] as const)
      expect((await change(id, 'admin', by)).status).to.equal(403)
    expect((await change(admin.id, 'buyer')).body.code).to.equal('users.oneself')
    expect(await roleOf(admin.id)).to.equal('admin')
  })

  it('keeps sellers to who has a shop, and shops to sellers', async () => {
    await t.accounts.shop('seller:shopkeeper')
    const [keeper, { id }] = [
      await t.accounts.account('seller:shopkeeper'),
      await t.accounts.account('buyer:no-shop'),
    ]
    expect((await change(keeper.id, 'officer')).body.code).to.equal('users.has_shop')
    expect((await change(id, 'seller')).body.code).to.equal('users.no_shop')
    expect([await roleOf(keeper.id), await roleOf(id)]).to.deep.equal(['seller', 'buyer'])
  })

  it('is told to the person, the audit trail and the security log; a repeat is not', async () => {
    const [admin, account] = [await t.accounts.account('admin'), await t.accounts.account('buyer:told')]
    await change(account.id, 'finance')
    await change(account.id, 'finance')
    const rows = await t.owner('audit_log').where({ user_id: account.id, action: 'role_changed' })
    expect(rows).to.have.length(1)
    expect(rows[0]).to.include({ actor_id: admin.id })
    expect(rows[0].details).to.deep.equal({ from: 'buyer', to: 'finance', reason: 'a new job' })
    const lines = t.log.of('security').filter(({ fields }) => fields.user === account.id)
    expect(lines.map(({ fields }) => [fields.name, fields.from, fields.to])).to.deep.equal([
      ['role_changed', 'buyer', 'finance'],
    ])
    await t.settle()
    const told = t.sandbox.control.messages.list(account.email).map(({ subject }) => subject)
    expect(told.filter(subject => subject === 'تغيّرت صلاحيات حسابك')).to.have.length(1)
  })
})

describe('the last admin', () => {
  const t = useContext()
  const operator = { kind: 'operator', name: 'test' } as const
  const active = () => t.owner('users').where({ role: 'admin', status: 'ACTIVE' }).pluck('id')
  const outcome = (work: Promise<unknown>) => work.then(() => 'done').catch(error => error.code)

  it('is neither blocked nor demoted', async () => {
    const { id } = await t.accounts.account('admin')
    const { users } = t.services
    expect(await outcome(users.block(id, 'because', operator))).to.equal('users.last_admin')
    expect(await outcome(users.changeRole(id, 'buyer', 'because', operator))).to.equal('users.last_admin')
    expect(await active()).to.deep.equal([id])
  })

  it('stays, however many take each other’s role away or block each other at once', async () => {
    const { users } = t.services
    for (let round = 0; round < 5; round++) {
      const admins = await Promise.all(
        [1, 2, 3].map(n => t.accounts.account(`admin:${round}-${n}`).then(({ actor }) => actor)),
      )
      const everybody = [...admins, (await t.accounts.account('admin')).actor]
      await t
        .owner('users')
        .whereIn(
          'id',
          everybody.map(({ id }) => id),
        )
        .update({ role: 'admin', status: 'ACTIVE' })
      const outcomes = await Promise.all(
        everybody.map((actor, n) => {
          const target = everybody[(n + 1) % everybody.length]?.id as string
          return outcome(
            n % 2 === round % 2
              ? users.block(target, 'because', actor)
              : users.changeRole(target, 'buyer', 'because', actor),
          )
        }),
      )
      expect(outcomes, 'somebody must have succeeded').to.include('done')
      for (const each of outcomes) expect(each).to.be.oneOf(['done', 'auth.forbidden', 'users.last_admin'])
      expect(await active(), `round ${round}: ${outcomes}`).to.not.be.empty
      await t
        .owner('users')
        .whereIn(
          'id',
          admins.map(({ id }) => id),
        )
        .update({ role: 'buyer', status: 'ACTIVE' })
    }
  })

  it('stays when two operators each take one of two', async () => {
    const { users } = t.services
    const [a, b] = [await t.accounts.account('admin'), await t.accounts.account('admin:second')]
    await t.owner('users').whereIn('id', [a.id, b.id]).update({ role: 'admin', status: 'ACTIVE' })
    const outcomes = await Promise.all(
      [a, b].map(({ id }) => outcome(users.changeRole(id, 'buyer', 'because', operator))),
    )
    expect(outcomes.sort()).to.deep.equal(['done', 'users.last_admin'])
    expect(await active()).to.have.length(1)
  })
})
