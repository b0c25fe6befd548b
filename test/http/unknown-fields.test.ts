import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { operationsOf } from '../../api/app.js'
import type { Operation } from '../../api/http/operation.js'
import type { Role } from '../../api/platform/actor.js'
import { useContext } from '../support/context.js'
import type { Schema } from '../support/json-schema.js'
import { request } from '../support/request.js'

const UNKNOWN = '019a0000-0000-7000-8000-000000000000'
/** What somebody would try to write beside what they may. */
const WISHES = [
  'role',
  'id',
  'userId',
  'sellerId',
  'status',
  'price_halalas',
  'isAdmin',
  'emailVerifiedAt',
  '',
]

/** A body that has several shapes is read by the field that tells them apart. */
const CHOICE: Record<string, Record<string, string>> = { attachDocument: { kind: 'BANK_LETTER' } }

describe('fields that an operation does not know', () => {
  const t = useContext()
  const writing = () => operationsOf(t.services).filter(op => op.method !== 'get' && op.rawBody === undefined)

  const send = async (op: Operation, body: unknown) => {
    const role = op.access === 'anyone' ? undefined : (op.access[0] as Role)
    return request(t.baseUrl, `/api/v1${op.path.replace(/:\w+/g, UNKNOWN)}`, {
      method: op.method.toUpperCase(),
      body,
      key: randomUUID(),
      ...(role ? { token: await t.accounts.token(`${role}:${op.id}`) } : {}),
    })
  }
  const pointersOf = (body: { errors?: { pointer: string }[] }) =>
    (body.errors ?? []).map(({ pointer }) => pointer)

  it('are refused by name, also where it takes none at all', async () => {
    for (const op of writing().filter(({ upload }) => upload === undefined)) {
      const wishes = WISHES.filter(wish => !isOwn(op, wish))
      const answer = await send(op, {
        ...CHOICE[op.id],
        ...Object.fromEntries(wishes.map(wish => [wish, 1])),
      })
      expect(answer.status, `${op.id}: ${answer.text}`).to.equal(422)
      expect(pointersOf(answer.body), op.id).to.include.members(wishes.map(wish => `#/${wish}`))
    }
  })

  it('are refused at any depth: every object a body may hold is closed', async () => {
    const { body: document } = await t.get('/openapi.json')
    const open: string[] = []
    const walk = (schema: Schema, where: string) => {
      const { type, properties, items, anyOf, oneOf, allOf, additionalProperties } = schema as Record<
        string,
        never
      >
      if (type === 'object' && additionalProperties !== false) open.push(where)
      for (const [name, each] of Object.entries((properties ?? {}) as Record<string, Schema>))
        walk(each, `${where}.${name}`)
      if (items) walk(items, `${where}[]`)
      for (const each of [anyOf ?? [], oneOf ?? [], allOf ?? []].flat()) walk(each, where)
    }
    for (const op of writing().filter(({ body }) => body !== undefined)) {
      const described = document.paths[`/api/v1${op.path.replace(/:(\w+)/g, '{$1}')}`][op.method]
      walk(described.requestBody.content['application/json'].schema, op.id)
    }
    expect(open).to.deep.equal([])
  })

  it('are refused in an order, whatever they are called and wherever they stand', async () => {
    const token = await t.accounts.token('buyer')
    const place = async (body: object) =>
      request(t.baseUrl, '/api/v1/orders', { method: 'POST', body, token, key: randomUUID() })
    const known = [
      'lines',
      'deliveryAddress',
      'listingId',
      'quantity',
      'recipient',
      'phone',
      'street',
      'city',
    ]
    const name = fc.string({ minLength: 1, maxLength: 12 }).filter(text => !/^__proto__$|\0/.test(text))
    const fresh = name.filter(text => text.isWellFormed() && ![...known, 'constructor'].includes(text))
    await fc.assert(
      fc.asyncProperty(fresh, fc.constantFrom('', 'lines/0/', 'deliveryAddress/'), async (field, at) => {
        const line = { listingId: UNKNOWN, quantity: 1 }
        const answer = await place({
          lines: [at.startsWith('lines') ? { ...line, [field]: 1 } : line],
          deliveryAddress: at.startsWith('delivery') ? { [field]: 1 } : {},
          ...(at === '' ? { [field]: 1 } : {}),
        })
        expect(answer.status, answer.text).to.equal(422)
        expect(pointersOf(answer.body)).to.include(
          `#/${at}${field.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        )
      }),
      { numRuns: 40 },
    )
  })

  it('change nothing: an account stays what it is', async () => {
    const { id, email, token } = await t.accounts.account('buyer:climber')
    for (const role of ['admin', 'seller']) {
      const password = 'a-password-for-tests'
      await t.post('/api/v1/auth/register', {
        body: { email: `x-${role}@example.sa`, password, name: 'X', role },
      })
      await t.post('/api/v1/auth/password', {
        token,
        body: { password, newPassword: 'another-long-one', role },
      })
    }
    expect(await t.db('users').where({ id }).first('role', 'email')).to.deep.equal({ role: 'buyer', email })
    expect(await t.db('users').where('email', 'like', 'x-%@example.sa')).to.deep.equal([])
  })

  it('may be none: an operation without fields takes an empty object, or nothing', async () => {
    const token = await t.accounts.token('buyer')
    for (const body of [undefined, {}]) {
      const answer = await t.post(`/api/v1/orders/${UNKNOWN}/cancel`, { token, body, key: UNKNOWN })
      expect(answer.status, answer.text).to.equal(404)
    }
    for (const [raw, status] of [
      ['{"reason":"x"}', 422],
      ['[]', 422],
      ['null', 422],
      ['{', 400],
    ] as const) {
      const headers = { 'content-type': 'application/json' }
      const answer = await t.post(`/api/v1/orders/${UNKNOWN}/cancel`, { token, raw, headers })
      expect(answer.status, raw).to.equal(status)
    }
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await t.post(`/api/v1/orders/${UNKNOWN}/cancel`, { token, raw: 'reason=x', headers: form })
    expect(answer.status).to.equal(415)
  })

  /** A wish may be a field of this operation's own: a listing has a status. */
  const isOwn = (op: Operation, name: string): boolean =>
    name in ((op.body as { shape?: object } | undefined)?.shape ?? {})
})
