import { expect } from 'chai'
import { operationsOf } from '../../api/app.js'
import { useContext } from '../support/context.js'
import { request } from '../support/request.js'

const SHOP = 'https://shop.cargoparts.sa'
const filled = (path: string) =>
  `/api/v1${path.replace(':provider', 'tap').replace(/:\w+/g, crypto.randomUUID())}`

describe('what every answer carries', () => {
  const t = useContext({ env: { CORS_ORIGINS: `${SHOP}, https://admin.cargoparts.sa:8443` } })

  const headersOf = async (path: string, method = 'GET', headers: Record<string, string> = {}) =>
    (await request(t.baseUrl, path, { method, headers })).headers

  const isGuarded = (headers: Headers, what: string) => {
    expect(headers.get('x-content-type-options'), what).to.equal('nosniff')
    expect(headers.get('x-frame-options'), what).to.equal('SAMEORIGIN')
    expect(headers.get('referrer-policy'), what).to.equal('no-referrer')
    expect(headers.get('content-security-policy'), what).to.include("default-src 'self'")
    expect(headers.get('content-security-policy'), what).to.include("object-src 'none'")
    expect(headers.get('content-security-policy'), what).to.include("base-uri 'none'")
    expect(headers.get('content-security-policy'), what).to.include("frame-ancestors 'self'")
    expect(headers.get('x-powered-by'), what).to.equal(null)
    expect(headers.get('x-request-id'), what).to.be.a('string')
  }

  it('has the security headers on every operation, whatever it answers', async () => {
    for (const op of operationsOf(t.services)) {
      const method = op.method.toUpperCase()
      isGuarded(await headersOf(filled(op.path), method), `${method} ${op.path}`)
    }
  })

  for (const path of [
    '/docs',
    '/docs/swagger-ui.css',
    '/docs/start.js',
    '/openapi.json',
    '/nothing',
    '/api/v9/makes',
    '/api/v1/listings?limit=0',
  ]) {
    it(`has them at ${path}`, async () => isGuarded(await headersOf(path), path))
  }

  it('tells an origin of ours, on every operation, what it may read, and no other origin anything', async () => {
    for (const op of operationsOf(t.services)) {
      const [method, path] = [op.method.toUpperCase(), filled(op.path)]
      const ours = await headersOf(path, method, { origin: SHOP })
      expect(ours.get('access-control-allow-origin'), `${method} ${path}`).to.equal(SHOP)
      for (const name of ['x-request-id', 'RateLimit-Remaining', 'Retry-After', 'Idempotency-Replayed'])
        expect(ours.get('access-control-expose-headers'), `${method} ${path}`).to.include(name)
      const theirs = await headersOf(path, method, { origin: 'https://evil.example' })
      expect(theirs.get('access-control-allow-origin'), `${method} ${path}`).to.equal(null)
      expect(theirs.get('access-control-expose-headers'), `${method} ${path}`).to.equal(null)
    }
  })

  it('asks a browser first whether it may, on every operation', async () => {
    for (const op of operationsOf(t.services)) {
      const method = op.method.toUpperCase()
      const asked = { 'access-control-request-method': method, 'access-control-request-headers': 'x-api-key' }
      const answer = await request(t.baseUrl, filled(op.path), {
        method: 'OPTIONS',
        headers: { origin: SHOP, ...asked },
      })
      expect(answer.status, `${method} ${op.path}`).to.equal(204)
      expect(answer.headers.get('access-control-allow-methods'), op.path).to.include(method)
    }
  })

  it('has an id of its own or the one it was given, on every operation', async () => {
    for (const op of operationsOf(t.services)) {
      const given = `trace-${op.id}`
      const headers = await headersOf(filled(op.path), op.method.toUpperCase(), { 'x-request-id': given })
      expect(headers.get('x-request-id')).to.equal(given)
    }
  })

  it('is a problem document in the language of the reader, whatever the operation refuses', async () => {
    for (const op of operationsOf(t.services)) {
      for (const [wanted, language] of [
        ['ar', 'ar'],
        ['en-GB', 'en'],
        ['fr', 'ar'],
      ] as const) {
        const answer = await request(t.baseUrl, filled(op.path), {
          method: op.method.toUpperCase(),
          headers: { 'accept-language': wanted },
        })
        if (answer.status < 400) continue
        const where = `${op.id} ${answer.status}`
        expect(answer.headers.get('content-type'), where).to.match(/^application\/problem\+json/)
        expect(answer.headers.get('content-language'), where).to.equal(language)
        expect(/[\u0600-\u06ff]/.test(answer.body.detail), where).to.equal(language === 'ar')
      }
    }
  })

  it('is to JSON of no more than the limit, wherever a stranger may send a body', async () => {
    const open = operationsOf(t.services).filter(op => op.access === 'anyone' && op.body)
    expect(open.length).to.be.above(5)
    for (const op of open) {
      const send = (raw: string, type: string) =>
        request(t.baseUrl, filled(op.path), { method: 'POST', raw, headers: { 'content-type': type } })
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
      ])
        expect((await send('{}', type)).status, `${op.id} ${type}`).to.equal(415)
      const large = await send(`"${'x'.repeat(8 * 1024)}"`, 'application/json')
      expect(large.status, op.id).to.equal(413)
      expect(large.body.limit, op.id).to.equal(8 * 1024)
    }
  })

  it('is not kept by caches on the way', async () => {
    for (const path of ['/api/v1/makes', '/api/v1/auth/me', '/api/v1/listings?limit=0'])
      expect((await headersOf(path)).get('cache-control'), path).to.equal('no-store')
  })

  it('asks for https only where the rules are strict', async () => {
    expect((await headersOf('/docs')).get('strict-transport-security')).to.equal(null)
  })

  for (const origin of [SHOP, 'https://admin.cargoparts.sa:8443']) {
    it(`lets ${origin} read answers, errors too`, async () => {
      for (const path of ['/api/v1/makes', '/api/v1/auth/me', '/nothing']) {
        const headers = await headersOf(path, 'GET', { origin })
        expect(headers.get('access-control-allow-origin'), path).to.equal(origin)
        expect(headers.get('vary'), path).to.match(/\bOrigin\b/)
        expect(headers.get('access-control-expose-headers')).to.include('x-request-id')
        expect(headers.get('access-control-allow-credentials')).to.equal(null)
      }
    })
  }

  it('answers the question beforehand', async () => {
    const answer = await request(t.baseUrl, '/api/v1/orders', {
      method: 'OPTIONS',
      headers: {
        origin: SHOP,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,idempotency-key',
      },
    })
    expect(answer.status).to.equal(204)
    expect(answer.headers.get('access-control-allow-origin')).to.equal(SHOP)
    expect(answer.headers.get('access-control-allow-methods')).to.include('POST').and.include('PATCH')
    expect(answer.headers.get('access-control-allow-headers')).to.include('idempotency-key')
    expect(answer.headers.get('access-control-max-age')).to.equal('600')
  })

  for (const origin of [
    'https://evil.example',
    'http://shop.cargoparts.sa',
    'https://shop.cargoparts.sa.evil.example',
    'https://shop.cargoparts.sa:444',
    'https://admin.cargoparts.sa',
    'null',
    '*',
  ]) {
    it(`tells ${origin} nothing`, async () => {
      for (const method of ['GET', 'OPTIONS']) {
        const headers = await headersOf('/api/v1/makes', method, {
          origin,
          'access-control-request-method': 'GET',
        })
        expect(headers.get('access-control-allow-origin'), method).to.equal(null)
        expect(headers.get('access-control-allow-methods'), method).to.equal(null)
      }
    })
  }
})

describe('what every answer carries where the rules are strict', () => {
  // staging keeps production's rules
  const t = useContext({
    env: { NODE_ENV: 'staging', MESSAGES_SANDBOX_URL: '', ZATCA_SANDBOX_URL: '', SCRYPT_COST_LOG2: '17' },
  })

  it('asks browsers to use https only, for a year, with all below it', async () => {
    for (const path of ['/api/v1/makes', '/docs', '/nothing']) {
      const policy = (await t.get(path)).headers.get('strict-transport-security') ?? ''
      expect(policy, path).to.include('includeSubDomains')
      expect(Number(/max-age=(\d+)/.exec(policy)?.[1]), path).to.be.at.least(365 * 24 * 3600)
    }
  })
})

describe('the reference page', () => {
  const t = useContext()

  it('loads everything it names from us', async () => {
    const page = await t.get('/docs')
    expect(page.headers.get('content-type')).to.include('text/html')
    const named = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(match => match[1] as string)
    expect(named).to.have.length.above(2)
    for (const address of named) {
      expect(address).to.match(/^\/docs\/[\w.-]+$/)
      const asset = await t.get(address)
      expect(asset.status, address).to.equal(200)
      expect(asset.text).to.not.equal('')
    }
    expect(page.text).to.not.match(/<script>|https?:\/\//)
    expect((await t.get('/docs/start.js')).text).to.include("'/openapi.json'")
  })

  it('is allowed by its own policy, and nothing else is', async () => {
    const policy = (await t.get('/docs')).headers.get('content-security-policy') ?? ''
    expect(policy).to.not.match(/unsafe-eval|https?:|\*/)
    expect(/script-src ([^;]+)/.exec(policy)?.[1]).to.equal("'self'")
  })

  for (const file of ['package.json', '..%2f..%2fpackage.json', 'constructor', '__proto__', 'toString']) {
    it(`serves no file called ${file}`, async () => {
      expect((await t.get(`/docs/${file}`)).status).to.equal(404)
    })
  }

  it('is where the front door leads', async () => {
    const answer = await t.get('/')
    expect(answer.status).to.equal(302)
    expect(answer.headers.get('location')).to.equal('/docs')
  })
})
