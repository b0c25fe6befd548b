import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { type Answer, request } from '../support/request.js'
import { place } from '../support/shopping.js'

const ARABIC = /[\u0600-\u06ff]/
const isProblem = ({ status, headers, body, text }: Answer) => {
  expect(headers.get('content-type'), text).to.equal('application/problem+json')
  expect(body, text).to.include.all.keys('type', 'title', 'status', 'detail', 'instance', 'code', 'requestId')
  expect(body.status).to.equal(status)
  expect(body.code).to.match(/^[a-z_]+(\.[a-z_]+)?$/)
  expect(body.requestId).to.equal(headers.get('x-request-id'))
}

describe('a problem document', () => {
  const t = useContext()

  it('has the members of RFC 9457 and a type under our own address', async () => {
    const answer = await t.get('/api/v1/nothing?secret=1')
    isProblem(answer)
    expect(answer.status).to.equal(404)
    expect(answer.body).to.include({
      type: `${t.baseUrl}/problems/request.not_found`,
      instance: '/api/v1/nothing',
      code: 'request.not_found',
    })
  })

  for (const [wanted, isArabic] of [
    ['ar', true],
    ['ar-SA,en;q=0.5', true],
    ['', true],
    ['*', true],
    ['fr', true],
    ['en', false],
    ['en-GB', false],
    ['fr, en;q=0.8, ar;q=0.7', false],
    ['ar;q=0.1, en', false],
    [';;;,', true],
  ] as const) {
    it(`speaks ${isArabic ? 'Arabic' : 'English'} to "${wanted}"`, async () => {
      const answer = await t.get('/api/v1/auth/me', { headers: { 'accept-language': wanted } })
      expect(ARABIC.test(answer.body.title)).to.equal(isArabic)
      expect(ARABIC.test(answer.body.detail)).to.equal(isArabic)
      expect(answer.headers.get('vary')).to.include('Accept-Language')
      expect(answer.headers.get('content-language')).to.equal(isArabic ? 'ar' : 'en')
    })
  }

  it('speaks of single fields in the same language', async () => {
    const body = { email: 'x', password: '1', name: '' }
    const detail = async (language: string) =>
      (await t.post('/api/v1/auth/register', { body, headers: { 'accept-language': language } })).body.errors
    for (const { detail: text } of await detail('ar')) expect(text).to.match(ARABIC)
    for (const { detail: text } of await detail('en')) expect(text).to.not.match(ARABIC)
  })

  it('speaks of characters, card numbers and cursors in the same language', async () => {
    const login = '/api/v1/auth/login'
    const ask = [
      (headers: Record<string, string>) => t.post(login, { body: { email: 'a\0' }, headers }),
      (headers: Record<string, string>) => t.post(login, { body: { email: '4111111111111111' }, headers }),
      (headers: Record<string, string>) => t.get('/api/v1/listings?cursor=foreign', { headers }),
    ]
    for (const send of ask) {
      const [arabic, english] = [await send({ 'accept-language': 'ar' }), await send({})]
      expect(arabic.body.errors[0].detail).to.match(ARABIC).and.not.match(/[a-z]/)
      expect(english.body.errors[0].detail).to.match(/^[a-z ]+$/)
    }
  })

  it('repeats the request id it was given', async () => {
    const answer = await t.get('/api/v1/nothing', { headers: { 'x-request-id': 'trace-1234_abcd' } })
    expect(answer.headers.get('x-request-id')).to.equal('trace-1234_abcd')
    expect(answer.body.requestId).to.equal('trace-1234_abcd')
  })

  for (const given of ['short', 'x'.repeat(65), 'has blanks in it', '<script>alert(1)</script>', '']) {
    it(`makes a request id of its own instead of "${given.slice(0, 20)}"`, async () => {
      const { headers } = await t.get('/api/v1/health/live', { headers: { 'x-request-id': given } })
      expect(headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/)
    })
  }

  it('gives every request its own', async () => {
    const ids = await Promise.all(
      Array.from({ length: 5 }, async () => (await t.get('/api/v1/nothing')).body.requestId),
    )
    expect(new Set(ids)).to.have.length(5)
  })

  for (const path of ['/', '/api/v1/listings/', '/nothing', '/api/v1/../..', '/docs/secrets.json', '/.env']) {
    it(`answers ${path} without a stack or a path of ours`, async () => {
      const answer = await t.get(path)
      expect(answer.text).to.not.match(/node_modules|\.ts|\.js:|\n\s+at /)
      // the front door leads to the reference page
      expect(answer.status).to.be.oneOf([200, 302, 404])
    })
  }

  for (const path of ['/api/v1/%E0%A4%A', '/api/v1/listings/%', '/%00', '/api/v1/listings/%FF%FE']) {
    it(`can do with the address ${path}`, async () => {
      const answer = await t.get(path)
      isProblem(answer)
      expect(answer.status).to.be.oneOf([400, 404, 422])
    })
  }

  for (const [method, path, allowed] of [
    ['DELETE', '/api/v1/orders', ['GET', 'POST']],
    ['PUT', '/api/v1/auth/login', ['POST']],
    ['POST', '/api/v1/health', ['GET', 'HEAD']],
    ['PROPFIND', '/api/v1/makes', ['GET', 'HEAD']],
    ['POST', '/docs', ['GET', 'HEAD']],
  ] as const) {
    it(`refuses ${method} ${path} and says which methods there are`, async () => {
      const answer = await request(t.baseUrl, path, { method })
      isProblem(answer)
      expect(answer.status).to.equal(405)
      expect(answer.body.code).to.equal('request.method_not_allowed')
      expect(answer.body.title).to.equal('Not with this method')
      const arabic = await request(t.baseUrl, path, { method, headers: { 'accept-language': 'ar' } })
      expect(arabic.body.title).to.equal('الطريقة غير مسموح بها')
      expect(answer.headers.get('allow')?.split(', ')).to.include.members([...allowed])
    })
  }

  for (const query of ['q=%FF', 'q=a%C3', '%C0%AF=1', 'q=%ED%A0%80']) {
    it(`cannot read the query ${query}`, async () => {
      const answer = await t.get(`/api/v1/listings?${query}`)
      isProblem(answer)
      expect(answer.status).to.equal(400)
      expect(answer.body.code).to.equal('request.bad_url')
    })
  }

  it('can read a query of Arabic letters, and a lone per cent sign', async () => {
    for (const query of ['q=%D9%81%D9%84%D8%AA%D8%B1', 'q=100%', 'q=a+b'])
      expect((await t.get(`/api/v1/listings?${query}`)).status, query).to.equal(200)
  })

  it('finds nothing at an unknown path, whatever the method', async () => {
    for (const method of ['POST', 'DELETE', 'PROPFIND']) {
      const answer = await request(t.baseUrl, '/api/v1/nothing', { method })
      expect(answer.status, method).to.equal(404)
      isProblem(answer)
    }
  })

  it('asks for a token where one is missing', async () => {
    const answer = await t.get('/api/v1/auth/me')
    isProblem(answer)
    expect(answer.status).to.equal(401)
    expect(answer.headers.get('www-authenticate')).to.equal('Bearer')
    expect(answer.body.code).to.equal('auth.required')
  })

  for (const authorization of [
    'Basic dXNlcjpwYXNz',
    'Bearer',
    'Bearer  ',
    'Bearer a b',
    `Bearer ${'x'.repeat(3000)}`,
  ]) {
    it(`refuses the authorization "${authorization.slice(0, 20)}"`, async () => {
      const answer = await t.get('/api/v1/auth/me', { headers: { authorization } })
      isProblem(answer)
      expect(answer.status).to.equal(401)
      expect(answer.body.code).to.equal('auth.bad_token')
    })
  }

  it('keeps its own status where the details of the error name one too', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const answer = await t.post(`/api/v1/orders/${checkout.orders[0]?.id}/ship`, {
      as: 'seller',
      body: { carrier: 'SMSA', trackingNumber: '1' },
    })
    isProblem(answer)
    expect(answer.status).to.equal(409)
    expect(answer.body.code).to.equal('orders.wrong_state')
  })

  it('fills the Arabic sentence from the details', async () => {
    const listing = await t.accounts.listing()
    const checkout = await place(t, [{ listingId: listing.id, quantity: 1 }])
    const answer = await t.post(`/api/v1/orders/${checkout.orders[0]?.id}/deliver`, {
      as: 'seller',
      headers: { 'accept-language': 'ar' },
    })
    expect(answer.body.detail).to.include('PENDING').and.to.match(ARABIC)
  })
})

describe('the address of a caller', () => {
  const t = useContext({ env: { TRUSTED_PROXIES: '1' } })

  for (const [given, kept] of [
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:db8::7', '2001:db8::7'],
    ['192.0.2.1', '192.0.2.1'],
    ["'; drop table users", '127.0.0.1'],
  ] as const) {
    it(`${given} is kept as ${kept}`, async () => {
      const body = { email: `${crypto.randomUUID()}@example.sa`, password: 'long-enough', name: 'Sara' }
      const headers = { 'x-forwarded-for': given }
      const answer = await t.post('/api/v1/auth/register', { body, headers })
      expect(answer.status, answer.text).to.equal(201)
      const session = await t.owner('sessions').where({ user_id: answer.body.user.id }).first()
      expect(session.ip).to.equal(kept)
    })
  }
})

describe('an error nobody foresaw', () => {
  const t = useContext()

  it('is answered without its cause and logged with it', async () => {
    await t.owner.raw('alter table makes rename to makes_elsewhere')
    const answer = await t.get('/api/v1/makes', { headers: { 'x-request-id': 'unforeseen-1' } })
    await t.owner.raw('alter table makes_elsewhere rename to makes')

    isProblem(answer)
    expect(answer.status).to.equal(500)
    expect(answer.body.code).to.equal('internal')
    expect(answer.text).to.not.match(/makes_elsewhere|relation|select|42P01/)

    const [line] = t.log.of('request_failed')
    expect(line?.level).to.equal('error')
    expect(line?.fields).to.include({ requestId: 'unforeseen-1', code: 'internal' })
    const cause = (line?.fields.error as Error | undefined)?.cause as Error | undefined
    expect(cause?.message).to.include('relation "makes" does not exist')
  })

  it('leaves one line for every request, by its route and without its query', async () => {
    const id = crypto.randomUUID()
    await t.get(`/api/v1/listings/${id}?token=secret`, { headers: { 'x-request-id': 'one-line-1' } })
    const lines = t.log.of('api_request').filter(line => line.fields.requestId === 'one-line-1')
    expect(lines).to.have.length(1)
    expect(lines[0]?.fields).to.include({ method: 'GET', route: 'GET /listings/:id', status: 404 })
    expect(JSON.stringify(lines)).to.not.include('secret').and.not.include(id)
  })
})
