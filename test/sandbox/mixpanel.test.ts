import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { openShop } from './tap-shop.js'

/** The stand-in against what docs.mixpanel.com/reference/import-events says of the real one. */
describe('the stand-in for Mixpanel', () => {
  let shop: Awaited<ReturnType<typeof openShop>>
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const good = (over: object = {}) => ({
    event: 'order_created',
    properties: {
      time: shop.clock.at,
      distinct_id: 'a1',
      $insert_id: '5d958f87-542d-4c10-9422-0ed75893dc81',
      ...over,
    },
  })
  const send = async (body: string | Buffer, headers: Record<string, string> = {}) => {
    const response = await fetch(`${shop.sandbox.mixpanelUrl}/import?strict=1`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${Buffer.from('token:').toString('base64')}`,
        ...headers,
      },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    })
    const answer = (await response.json()) as {
      code: number
      num_records_imported?: number
      failed_records?: { index: number; field: string }[]
    }
    return { status: response.status, body: answer }
  }
  const events = () => shop.sandbox.control.mixpanel.events()

  it('takes a batch as JSON, as lines, and zipped', async () => {
    const [one, two] = [good({ $insert_id: 'one' }), good({ $insert_id: 'two', time: 1_700_000_000 })]
    const taken = { status: 200, body: { code: 200, num_records_imported: 2, status: 'OK' } }
    expect(await send(JSON.stringify([one, two]))).to.deep.equal(taken)
    const lines = `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`
    expect(await send(lines, { 'content-type': 'application/x-ndjson' })).to.deep.equal(taken)
    const zipped = gzipSync(JSON.stringify([one, two]))
    expect(await send(zipped, { 'content-encoding': 'gzip' })).to.deep.equal(taken)
    // three times the same two
    expect(events()).to.have.length(2)
  })

  it('wants a token', async () => {
    for (const authorization of ['', 'Basic Og==', 'Bearer token'])
      expect((await send(JSON.stringify([good()]), { authorization })).status).to.equal(401)
  })

  const wrong = (): [field: string, record: unknown][] => [
    ['event', { ...good(), event: '' }],
    ['properties', { event: 'x', properties: [] }],
    ['properties.time', good({ time: undefined })],
    ['properties.time', good({ time: '2026-01-01' })],
    ['properties.time', good({ time: Date.UTC(2036, 0, 1) })],
    ['properties.time', good({ time: Date.UTC(1970, 5, 1) / 1000 })],
    ['properties.distinct_id', good({ distinct_id: undefined })],
    ['properties.distinct_id', good({ distinct_id: 'Anonymous' })],
    ['properties.$insert_id', good({ $insert_id: undefined })],
    ['properties.$insert_id', good({ $insert_id: 'x'.repeat(37) })],
    ['properties.$insert_id', good({ $insert_id: 'a_b' })],
  ]
  it('takes the good ones of a batch, and names the others by place and field', async () => {
    for (const [field, record] of wrong()) {
      const answer = await send(JSON.stringify([good({ $insert_id: 'fine' }), record]))
      expect(answer.status, field).to.equal(400)
      expect(answer.body).to.include({ code: 400, num_records_imported: 1, status: 'Bad Request' })
      expect(answer.body.failed_records).to.have.length(1)
      expect(answer.body.failed_records?.[0]).to.include({ index: 1, field })
    }
    expect((await send(JSON.stringify([good({ distinct_id: '' })]))).status).to.equal(200)
  })

  it('refuses what is no JSON, and more than 2,000 at once', async () => {
    expect((await send('[{')).status).to.equal(400)
    expect((await send('{}')).status).to.equal(400)
    expect((await send(JSON.stringify(Array.from({ length: 2_001 }, () => ({}))))).status).to.equal(413)
  })
})
