import { once } from 'node:events'
import http from 'node:http'
import { expect } from 'chai'
import fc from 'fast-check'
import { codes, SECRET, useShop } from './tap-shop.js'

describe('sandbox: server', () => {
  const shop = useShop()

  /** For headers that `fetch` does not let through. */
  async function raw(
    headers: http.OutgoingHttpHeaders,
    path = '/v2/charges/chg_x',
  ): Promise<number | undefined> {
    const request = http.get(shop.sandbox.url + path, { headers, agent: false })
    const [response] = await once(request, 'response')
    response.resume()
    return response.statusCode
  }

  it('asks for a key', async () => {
    const missing = await fetch(`${shop.sandbox.tapApiUrl}/charges/chg_x`)
    expect(missing.status).to.equal(401)
    expect(await missing.json()).to.have.nested.property('errors[0].code', '2104')
    const wrong = await shop.call('GET', '/charges/chg_x', undefined, 'sk_test_other')
    expect([wrong.status, ...codes(wrong)]).to.deep.equal([401, '2107'])
    expect(await raw({ authorization: `Basic ${SECRET}` })).to.equal(401)
  })

  it('refuses what is not a JSON object', async () => {
    for (const body of ['', '{', 'null', '[]', '"x"', '{"__proto__":{"amount":1}}']) {
      const reply = await shop.call('POST', '/charges/', body)
      expect([reply.status, ...codes(reply)], body).to.deep.equal([400, '1100'])
    }
  })

  it('refuses invalid UTF-8', async () => {
    const response = await fetch(`${shop.sandbox.tapApiUrl}/charges/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET}` },
      body: new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    })
    expect(response.status).to.equal(400)
  })

  it('refuses a body above 256 KiB', async () => {
    const reply = await shop.call(
      'POST',
      '/charges/',
      JSON.stringify({ description: 'x'.repeat(256 * 1024) }),
    )
    expect([reply.status, ...codes(reply)]).to.deep.equal([413, '413'])
  })

  it('refuses a body above 256 KiB that does not say how long it is', async () => {
    const request = http.request(`${shop.sandbox.tapApiUrl}/charges/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET}`, 'transfer-encoding': 'chunked' },
      agent: false,
    })
    for (let count = 0; count < 5; count++) request.write('x'.repeat(64 * 1024))
    request.end()
    const [response] = await once(request, 'response')
    response.resume()
    expect(response.statusCode).to.equal(413)
  })

  it('answers any JSON with a charge or with a refusal of its own', async () => {
    const names = Object.keys({ ...shop.aCharge(), transaction: 0, metadata: 0, destinations: 0, receipt: 0 })
    const body = fc.record({ name: fc.constantFrom(...names), value: fc.jsonValue({ maxDepth: 3 }) })
    await fc.assert(
      fc.asyncProperty(body, async ({ name, value }) => {
        const reply = await shop.call('POST', '/charges/', shop.aCharge({ [name]: value, post: undefined }))
        if (reply.status !== 200) expect(codes(reply)).to.not.include('9999')
        expect(reply.status).to.be.oneOf([200, 400])
      }),
      { numRuns: 300 },
    )
  })

  it('knows no other path, however odd', async () => {
    for (const path of ['/nothing', '/charges/a/b', '/charges/%ff', '/charges/../../x', '/authorize/x/y']) {
      const reply = await shop.call('GET', path)
      expect([reply.status, ...codes(reply)], path).to.deep.equal([404, '404'])
    }
    expect((await shop.call('DELETE', '/charges/chg_x')).status).to.equal(404)
  })

  it('answers only to the names of this machine', async () => {
    expect(await raw({ host: 'sandbox.example.com' }, '/')).to.equal(403)
    expect(await raw({ host: '][' }, '/')).to.equal(403)
    expect(await raw({ host: 'localhost' }, '/')).to.equal(200)
  })

  it('lists what was paid lately', async () => {
    const { id } = await shop.charge()
    const text = await fetch(shop.sandbox.url).then(response => response.text())
    expect(text).to.include(`href="/pay/${id}"`).and.to.include('115.00 SAR')
  })
})
