import { expect } from 'chai'
import { operationsOf } from '../../api/app.js'
import type { Operation } from '../../api/http/operation.js'
import { ROLES } from '../../api/platform/actor.js'
import { useContext } from '../support/context.js'
import { mismatches, resolve, type Schema } from '../support/json-schema.js'
import type { Answer } from '../support/request.js'
import { buy } from '../support/shopping.js'

type Json = Record<string, unknown>
// the document under test: its shape is what is asserted
// biome-ignore lint/suspicious/noExplicitAny: a JSON document of any shape
type Any = any

const METHODS = ['get', 'post', 'put', 'patch', 'delete']
const templated = (op: Operation) => `/api/v1${op.path.replace(/:(\w+)/g, '{$1}')}`

describe('the OpenAPI document', () => {
  const t = useContext()
  let document: Any
  let operations: Operation[]
  /** Every operation of the document with its place. */
  const described = (): [string, string, Any][] =>
    Object.entries<Json>(document.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, op]) => [path, method, op] as [string, string, Any]),
    )

  before(async () => {
    const answer = await t.get('/openapi.json')
    expect(answer.status).to.equal(200)
    expect(answer.headers.get('content-type')).to.include('application/json')
    document = answer.body
    operations = operationsOf(t.services)
  })

  it('is OpenAPI 3.1 with a title, a version and our own address', () => {
    expect(document.openapi).to.match(/^3\.1\.\d+$/)
    expect(document.info.title).to.equal('CargoParts API')
    expect(document.info.version).to.match(/^\d+\.\d+\.\d+/)
    expect(document.servers).to.deep.equal([{ url: t.baseUrl }])
    expect(document).to.have.all.keys('openapi', 'info', 'servers', 'tags', 'paths', 'components')
  })

  it('describes every operation there is, and no other', () => {
    const there = operations.map(op => `${op.method} ${templated(op)}`)
    expect(described().map(([path, method]) => `${method} ${path}`)).to.have.members(there)
    expect(new Set(there)).to.have.length(there.length)
  })

  it('gives each an id of its own, a summary, a known tag and its access', () => {
    const tags = document.tags.map((tag: { name: string }) => tag.name)
    const ids = described().map(([, , op]) => op.operationId)
    expect(new Set(ids)).to.have.length(ids.length)
    for (const [path, method, op] of described()) {
      const where = `${method} ${path}`
      expect(METHODS, where).to.include(method)
      expect(op.operationId, where).to.match(/^[a-z][A-Za-z]+$/)
      expect(op.summary, where).to.be.a('string').and.not.equal('')
      expect(tags, where).to.include.members(op.tags)
      if (op['x-access'] === 'anyone') expect(op.security, where).to.deep.equal([])
      else {
        expect(ROLES, where).to.include.members(op['x-access'])
        const { scope } = operations.find(({ id }) => id === op.operationId) as Operation
        const keys = scope ? [{ apiKey: [scope] }] : []
        expect(op.security, where).to.deep.equal([{ bearer: [] }, ...keys])
      }
    }
    expect(document.components.securitySchemes.bearer).to.include({ type: 'http', scheme: 'bearer' })
    expect(document.components.securitySchemes.apiKey).to.include({ in: 'header', name: 'X-API-Key' })
  })

  it('declares the parameters of each path, each once', () => {
    for (const [path, method, op] of described()) {
      const where = `${method} ${path}`
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(match => match[1])
      const declared = op.parameters.filter((parameter: Any) => parameter.in === 'path')
      expect(
        declared.map((parameter: Any) => parameter.name),
        where,
      ).to.have.members(inPath)
      for (const parameter of op.parameters) {
        expect(parameter.in, where).to.be.oneOf(['path', 'query', 'header'])
        expect(parameter.schema, `${where} ${parameter.name}`).to.be.an('object')
        if (parameter.in === 'path') expect(parameter.required, where).to.equal(true)
      }
      const keys = op.parameters.map((parameter: Any) => `${parameter.in} ${parameter.name}`)
      expect(new Set(keys), where).to.have.length(keys.length)
    }
  })

  it('says of each what it answers when all is well and when not', () => {
    for (const [path, method, op] of described()) {
      const where = `${method} ${path}`
      const statuses = Object.keys(op.responses)
      expect(
        statuses.filter(status => status.startsWith('2')),
        where,
      ).to.have.length(1)
      expect(statuses, where).to.include.members(['500', '503'])
      if (op['x-access'] !== 'anyone') expect(statuses, where).to.include.members(['401', '403'])
      if (op.requestBody) expect(statuses, where).to.include.members(['400', '413', '415', '422'])
      for (const [status, response] of Object.entries<Any>(op.responses)) {
        expect(response.description, `${where} ${status}`).to.be.a('string')
        const types = Object.keys(response.content ?? {})
        if (Number(status) >= 400) expect(types, where).to.deep.equal(['application/problem+json'])
      }
    }
  })

  it('asks for the idempotency key where the operation does', () => {
    for (const op of operations) {
      const header = document.paths[templated(op)][op.method].parameters.find(
        (parameter: Any) => parameter.name === 'Idempotency-Key',
      )
      expect(header?.required ?? false, op.id).to.equal(op.idempotent ?? false)
    }
  })

  it('asks for the Operation-Token where the operation is signed', () => {
    for (const op of operations) {
      const names = document.paths[templated(op)][op.method].parameters.map(
        (parameter: Any) => parameter.name,
      )
      expect(names.includes('Operation-Token'), op.id).to.equal(op.signed ?? false)
    }
  })

  it('has no reference that leads nowhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(match => match[1])
    expect(references).to.not.be.empty
    for (const reference of references) expect(resolve(document, reference as string)).to.be.an('object')
  })

  it('holds no schema that says nothing', () => {
    const empty: string[] = []
    const walk = (schema: Json, where: string) => {
      if (Object.keys(schema).filter(key => key !== 'description').length === 0) empty.push(where)
      for (const [name, property] of Object.entries((schema.properties ?? {}) as Record<string, Json>))
        walk(property, `${where}.${name}`)
      if (schema.items) walk(schema.items as Json, `${where}[]`)
    }
    for (const [, , op] of described()) {
      const [content] = Object.values<Any>(op.requestBody?.content ?? {})
      const body = content?.schema
      if (body) walk(body, `${op.operationId} body`)
      for (const parameter of op.parameters) walk(parameter.schema, `${op.operationId} ${parameter.name}`)
    }
    expect(empty).to.deep.equal([])
  })

  it('is what the API answers', async () => {
    const schemaOf = (op: Operation, status: number): Schema =>
      Object.values<Any>(document.paths[templated(op)][op.method].responses[String(status)].content)[0].schema
    const isDocumented = (id: string, answer: Answer) => {
      const op = operations.find(each => each.id === id) as Operation
      expect(answer.status, answer.text).to.be.below(300)
      expect(mismatches(answer.body, schemaOf(op, answer.status), document), id).to.deep.equal([])
    }
    const listing = await t.accounts.listing()
    const { checkout, payment, orderId } = await buy(t, [{ listingId: listing.id, quantity: 2 }])
    const get = (path: string, as?: 'buyer' | 'seller' | 'admin') => t.get(`/api/v1${path}`, as ? { as } : {})

    isDocumented('health', await get('/health'))
    isDocumented('health', await get('/health?detailed=true', 'admin'))
    isDocumented('ready', await get('/health/ready'))
    isDocumented('live', await get('/health/live'))
    isDocumented('listMakes', await get('/makes'))
    isDocumented('listCategories', await get('/categories'))
    isDocumented('searchListings', await get('/listings'))
    isDocumented('getListing', await get(`/listings/${listing.id}`))
    isDocumented('myListings', await get('/listings/mine', 'seller'))
    isDocumented('getSeller', await get(`/sellers/${listing.sellerId}`))
    isDocumented('mySeller', await get('/sellers/me', 'seller'))
    isDocumented('me', await get('/auth/me', 'buyer'))
    isDocumented('listOrders', await get('/orders', 'buyer'))
    isDocumented('listSales', await get('/orders/sales', 'seller'))
    isDocumented('getOrder', await get(`/orders/${orderId}`, 'buyer'))
    isDocumented('getCheckout', await get(`/checkouts/${checkout.id}`, 'buyer'))
    isDocumented('getPayment', await get(`/payments/${payment.id}`, 'buyer'))
    isDocumented('listPayments', await get(`/payments?checkoutId=${checkout.id}`, 'buyer'))
    const invoices = await get(`/invoices?orderId=${orderId}`, 'buyer')
    isDocumented('listInvoices', invoices)
    isDocumented('getInvoice', await get(`/invoices/${invoices.body.items[0].id}`, 'buyer'))
    isDocumented('confirmOrder', await t.post(`/api/v1/orders/${orderId}/confirm`, { as: 'seller' }))
    const { email, password } = await t.accounts.account('buyer')
    isDocumented('login', await t.post('/api/v1/auth/login', { body: { email, password } }))
  })

  it('is what the API answers when it refuses', async () => {
    const { Problem } = document.components.schemas
    for (const answer of [
      await t.get('/api/v1/auth/me'),
      await t.get('/api/v1/listings?limit=x'),
      await t.get('/nothing'),
      await t.post('/api/v1/orders', { as: 'buyer', body: {} }),
    ]) {
      expect(answer.status).to.be.at.least(400)
      expect(mismatches(answer.body, Problem, document)).to.deep.equal([])
    }
  })
})

describe('the errors that operations name', () => {
  const t = useContext()
  const named = (code: string, answer: Answer, id: string, document: Any) => {
    const op = operationsOf(t.services).find(each => each.id === id) as Operation
    const described = document.paths[templated(op)][op.method]
    expect(answer.body.code, answer.text).to.equal(code)
    expect(Object.keys(described.responses), `${id} ${code}`).to.include(String(answer.status))
    expect(described.description, id).to.include(`\`${code}\` (${answer.status})`)
  }

  it('are answered with the status the document gives them', async () => {
    const { body: document } = await t.get('/openapi.json')
    const { email, password } = await t.accounts.account('buyer')
    const listing = await t.accounts.listing()
    const orderOf = (lines: object[]) => ({
      as: 'buyer' as const,
      key: crypto.randomUUID(),
      body: {
        lines,
        deliveryAddress: {
          recipient: 'Sara',
          phone: '0501234567',
          buildingNumber: '7421',
          street: 'Olaya',
          district: 'Olaya',
          city: 'Riyadh',
          postalCode: '12211',
        },
      },
    })
    const person = { email, password, name: 'Sara' }
    for (const [id, code, answer] of [
      ['register', 'auth.email_taken', await t.post('/api/v1/auth/register', { body: person })],
      [
        'login',
        'auth.bad_credentials',
        await t.post('/api/v1/auth/login', { body: { email, password: 'not-it' } }),
      ],
      ['refresh', 'auth.bad_token', await t.post('/api/v1/auth/refresh', { body: { refreshToken: 'x' } })],
      ['receiveWebhook', 'webhooks.bad_signature', await t.post('/api/v1/webhooks/tap', { body: {} })],
      ['health', 'auth.required', await t.get('/api/v1/health?detailed=true')],
      ['health', 'auth.forbidden', await t.get('/api/v1/health?detailed=true', { as: 'buyer' })],
      [
        'placeOrder',
        'listings.insufficient_stock',
        await t.post('/api/v1/orders', orderOf([{ listingId: listing.id, quantity: 1000 }])),
      ],
    ] as const)
      named(code, answer, id, document)
  })

  it('bring their own status and no other: a wrong password is no conflict', async () => {
    const { body: document } = await t.get('/openapi.json')
    const responses = document.paths['/api/v1/auth/login'].post.responses
    expect(responses).to.include.all.keys('401', '403').and.not.have.any.keys('409')
  })

  it('include the token that ended, wherever one is read', async () => {
    const { body: document } = await t.get('/openapi.json')
    for (const op of operationsOf(t.services)) {
      const statuses = Object.keys(document.paths[templated(op)][op.method].responses)
      if (!op.ignoresToken) expect(statuses, op.id).to.include('401')
    }
    expect((await t.get('/api/v1/listings', { token: 'ended' })).status).to.equal(401)
    expect(document.paths['/api/v1/health/live'].get.responses).to.not.have.any.keys('401')
  })
})

describe('the check of answers against their schema', () => {
  const wrong = (value: unknown, schema: Schema) =>
    mismatches(value, schema, { a: { b: { type: 'string' } } })
  const object = {
    type: 'object',
    properties: {
      id: { type: 'string', pattern: '^[a-f]+$' },
      n: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
    },
    required: ['id'],
    additionalProperties: false,
  }

  it('lets a good value pass', () => {
    expect(wrong({ id: 'abc', n: null }, object)).to.deep.equal([])
    expect(wrong(['x'], { type: 'array', items: { $ref: '#/a/b' } })).to.deep.equal([])
  })

  for (const [value, schema] of [
    [{ n: 1 }, object],
    [{ id: 'xyz' }, object],
    [{ id: 'abc', extra: 1 }, object],
    [{ id: 'abc', n: 1.5 }, object],
    [[1], { type: 'array', items: { $ref: '#/a/b' } }],
    ['C', { enum: ['A', 'B'] }],
    [5, { type: 'integer', maximum: 4 }],
    ['', { type: 'string', minLength: 1 }],
    [1, { multipleOf: 2 }],
  ] as [unknown, Schema][]) {
    it(`refuses ${JSON.stringify(value)} for ${JSON.stringify(schema).slice(0, 60)}`, () => {
      expect(wrong(value, schema)).to.not.be.empty
    })
  }
})
