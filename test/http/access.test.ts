import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { operationsOf } from '../../api/app.js'
import type { Operation } from '../../api/http/operation.js'
import { ROLES, SCOPES } from '../../api/platform/actor.js'
import { accessTable, CALLERS, type Caller, mayCall } from '../support/access-matrix.js'
import { useContext } from '../support/context.js'
import { type Answer, request } from '../support/request.js'

/** What the door itself answers. A call that is let in may meet anything else behind it: 404, 409, 422, 200 … */
const DOOR = [
  'auth.required',
  'auth.bad_token',
  'auth.forbidden',
  'auth.person_only',
  'auth.scope',
  'auth.second_factor_required',
]
const PAGE = fileURLToPath(new URL('../../../docs/access.md', import.meta.url))
const UNKNOWN = '019a0000-0000-7000-8000-000000000000'

describe('who may call which operation', () => {
  const t = useContext()
  const operations = () => operationsOf(t.services)

  const call = (op: Operation, credentials: { token?: string; headers?: Record<string, string> } = {}) =>
    request(t.baseUrl, `/api/v1${op.path.replace(':provider', 'tap').replace(/:\w+/g, UNKNOWN)}`, {
      method: op.method.toUpperCase(),
      ...(op.method === 'get' ? {} : { body: {} }),
      ...credentials,
    })

  const credentialsOf = async (caller: Caller, op: Operation) => {
    if (caller === 'anonymous') return {}
    if (caller === 'API key') return { headers: { 'x-api-key': await t.accounts.apiKey([...SCOPES]) } }
    // an account of its own for what ends its session
    const mayEnd = op.path.startsWith('/auth/')
    return { token: await t.accounts.token(mayEnd ? `${caller}:${op.id}` : caller) }
  }

  const isTurnedAway = ({ body }: Answer) => DOOR.includes(body?.code)

  it('is said of every operation of the document, with roles that exist', async () => {
    const { body: document } = await t.get('/openapi.json')
    const documented = Object.entries<Record<string, { operationId: string; 'x-access': unknown }>>(
      document.paths,
    ).flatMap(([, methods]) => Object.values(methods).map(op => [op.operationId, op['x-access']]))
    expect(documented).to.have.deep.members(operations().map(op => [op.id, op.access]))
    for (const op of operations()) {
      if (op.access !== 'anyone') expect(ROLES, op.id).to.include.members([...op.access])
    }
  })

  it('is what docs/access.md says', () => {
    const [intro, end] = ['<!-- matrix -->', '<!-- end -->']
    const page = readFileSync(PAGE, 'utf8')
    const [before, rest = ''] = page.split(intro)
    const written = `${before}${intro}\n\n${accessTable(operations())}\n\n${end}${rest.split(end)[1] ?? ''}`
    if (process.env.WRITE_ACCESS_PAGE) writeFileSync(PAGE, written)
    expect(page, 'write it anew with WRITE_ACCESS_PAGE=1').to.equal(written)
  })

  it('leaves nothing open that changes a shop, an order or a payment', () => {
    const open = operations().filter(op => op.access === 'anyone' && op.method !== 'get')
    expect(open.map(op => op.id)).to.have.members([
      ...['register', 'login', 'completeLogin', 'refresh'],
      ...['forgotPassword', 'resetPassword', 'verifyEmail', 'receiveWebhook'],
    ])
  })

  for (const caller of CALLERS)
    it(`lets ${caller} in where the matrix says so, and nowhere else`, async function () {
      this.timeout(60_000)
      for (const op of operations()) {
        const answer = await call(op, await credentialsOf(caller, op))
        if (op.id === 'receiveWebhook') continue // it asks for a signature of its own
        expect(isTurnedAway(answer), `${op.id} answered ${answer.status} ${answer.body?.code}`).to.equal(
          !mayCall(op, caller),
        )
        if (!mayCall(op, caller)) expect(answer.status, op.id).to.equal(caller === 'anonymous' ? 401 : 403)
        if (answer.status === 401) expect(answer.headers.get('www-authenticate'), op.id).to.equal('Bearer')
      }
    })

  it('turns away a token that is none, before it looks at anything else', async () => {
    for (const op of operations()) {
      if (op.access === 'anyone') continue
      expect((await call(op, { token: 'not-a-token' })).body?.code, op.id).to.equal('auth.bad_token')
      expect((await call(op, { headers: { 'x-api-key': 'cp_no' } })).body?.code, op.id).to.equal(
        'auth.bad_token',
      )
    }
  })

  it('lets an API key do what its scopes name, and nothing else', async () => {
    for (const scope of SCOPES) {
      const headers = { 'x-api-key': await t.accounts.apiKey([scope]) }
      for (const op of operations().filter(({ access }) => access !== 'anyone')) {
        const { code } = (await call(op, { headers })).body ?? {}
        const expected = op.scope ? 'auth.scope' : 'auth.person_only'
        if (op.scope === scope) expect(DOOR, `${op.id} ${code}`).to.not.include(code)
        else if (op.access.includes('seller')) expect(code, op.id).to.equal(expected)
        else expect(code, op.id).to.equal('auth.forbidden')
      }
    }
  })

  it('asks staff for their second factor first, whatever their role allows', async () => {
    for (const role of ['officer', 'finance', 'admin'] as const) {
      const { id, token } = await t.accounts.account(`${role}:bare`)
      await t.owner('users').where({ id }).update({ has_second_factor: false })
      for (const op of operations().filter(({ access }) => access !== 'anyone' && access.includes(role))) {
        if (op.id.startsWith('logout') || op.id === 'revokeSession') continue
        const { code } = (await call(op, { token })).body ?? {}
        if (op.whileEnrolling) expect(DOOR, op.id).to.not.include(code)
        else expect(code, op.id).to.equal('auth.second_factor_required')
      }
    }
  })

  it('writes down whom it turned away, and from what', async () => {
    const { id, token } = await t.accounts.account('buyer:curious')
    await t.get('/api/v1/orders/sales', { token })
    const headers = { 'x-api-key': await t.accounts.apiKey(['orders:read']) }
    await t.get('/api/v1/listings/mine', { headers })
    const [curious, system] = t.log
      .of('security')
      .map(({ fields }) => fields)
      .filter(({ name }) => name === 'access_denied')
      .slice(-2)
    expect(curious).to.include({ by: id, operation: 'listSales' })
    expect(system).to.include({ operation: 'myListings', byKey: headers['x-api-key'].slice(0, 15) })
  })

  it('follows a role that changes at once, with the token that is out', async () => {
    const officer = await t.accounts.account('officer:demoted')
    const seller = await t.accounts.shop()
    const look = () => t.get(`/api/v1/kyc/sellers/${seller.id}`, { token: officer.token })
    expect((await look()).status).to.equal(200)
    await t.owner('users').where({ id: officer.id }).update({ role: 'buyer' })
    expect((await look()).status).to.equal(403)
  })
})
