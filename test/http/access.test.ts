import { expect } from 'chai'
import { operationsOf } from '../../api/app.js'
import type { Operation } from '../../api/http/operation.js'
import { ROLES } from '../../api/platform/actor.js'
import { useContext } from '../support/context.js'
import { request } from '../support/request.js'

/** A call that would be let in gets past the door: what it meets behind it (404, 422, 200 …) is another matter. */
describe('who may call which operation', () => {
  const t = useContext()

  const call = async (op: Operation, token?: string) =>
    request(
      t.baseUrl,
      `/api/v1${op.path.replace(':provider', 'tap').replace(/:\w+/g, '019a0000-0000-7000-8000-000000000000')}`,
      {
        method: op.method.toUpperCase(),
        ...(token ? { token } : {}),
        ...(op.method === 'get' ? {} : { body: {} }),
      },
    )

  it('is said of every operation, and none is open that changes a shop, an order or a payment', () => {
    const open = operationsOf(t.services).filter(op => op.access === 'anyone' && op.method !== 'get')
    expect(open.map(op => op.id)).to.have.members(['register', 'login', 'refresh', 'receiveWebhook'])
    for (const op of operationsOf(t.services)) {
      if (op.access !== 'anyone') expect(ROLES, op.id).to.include.members([...op.access])
    }
  })

  it('turns away whoever is not signed in', async () => {
    for (const op of operationsOf(t.services)) {
      const { status, body, headers } = await call(op)
      if (op.access !== 'anyone') {
        expect(status, op.id).to.equal(401)
        expect(body.code, op.id).to.equal('auth.required')
        expect(headers.get('www-authenticate'), op.id).to.equal('Bearer')
      } else if (op.id !== 'receiveWebhook') expect(status, op.id).to.not.be.oneOf([401, 403])
    }
  })

  it('turns away a token that is none, before it looks at anything else', async () => {
    for (const op of operationsOf(t.services)) {
      if (op.access === 'anyone') continue
      expect((await call(op, 'not-a-token')).body?.code, op.id).to.equal('auth.bad_token')
    }
  })

  for (const role of ROLES) {
    it(`lets ${role} in where the operation says so, and nowhere else`, async () => {
      for (const op of operationsOf(t.services)) {
        if (op.access === 'anyone') continue
        // a session of its own for the operation that ends it
        const account = await t.accounts.account(op.id === 'logout' ? `${role}:leaving` : role)
        const { status, body } = await call(op, account.token)
        const isAllowed = op.access.includes(role)
        expect(body?.code === 'auth.forbidden', `${op.id} answered ${status}`).to.equal(!isAllowed)
        if (isAllowed) expect(status, op.id).to.not.be.oneOf([401, 403])
        else expect(status, op.id).to.equal(403)
      }
    })
  }

  it('follows a role that changes at once, with the token that is out', async () => {
    const officer = await t.accounts.account('officer:demoted')
    const seller = await t.accounts.shop()
    const approve = () => t.post(`/api/v1/sellers/${seller.id}/approve`, { token: officer.token })
    expect((await approve()).status).to.equal(200)
    await t.owner('users').where({ id: officer.id }).update({ role: 'buyer' })
    expect((await approve()).status).to.equal(403)
  })
})
