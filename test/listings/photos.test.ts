import { expect } from 'chai'
import sharp from 'sharp'
import { useContext } from '../support/context.js'

type Rgb = { r: number; g: number; b: number }
const picture = (background: Rgb, { width = 640, height = 400 } = {}) =>
  sharp({ create: { width, height, channels: 3, background } })
const RED = { r: 200, g: 20, b: 20 }
const UNKNOWN = '019a0000-0000-7000-8000-000000000000'

describe('photos of a listing', () => {
  const t = useContext()
  let path: string
  let id: string

  beforeEach(async () => {
    id = (await t.accounts.listing()).id
    path = `/api/v1/listings/${id}/photos`
  })

  let shade = 0
  const another = () =>
    picture({ r: shade++ % 256, g: 90, b: 90 })
      .png()
      .toBuffer()
  const add = async (raw: Buffer, type = 'image/png', as: 'seller' | 'buyer' | 'seller:2' = 'seller') =>
    t.post(path, { as, raw, headers: { 'content-type': type } })
  const fetched = async (address: string) => fetch(`${t.baseUrl}${address}`)
  const shown = async () => (await t.get(`/api/v1/listings/${id}`)).body

  for (const format of ['jpeg', 'png', 'webp'] as const)
    it(`are taken as ${format}, and shown in three sizes`, async () => {
      const { status, body, text } = await add(
        await picture(RED, { width: 2000, height: 1000 })[format]().toBuffer(),
        `image/${format}`,
      )
      expect(status, text).to.equal(201)
      expect(body).to.include({ width: 1600, height: 800 })
      for (const [size, width] of [
        ['small', 320],
        ['medium', 800],
        ['large', 1600],
      ] as const) {
        const answer = await fetched(body[size])
        expect(answer.headers.get('content-type')).to.equal('image/webp')
        expect(answer.headers.get('cache-control')).to.include('immutable')
        const read = await sharp(Buffer.from(await answer.arrayBuffer())).metadata()
        expect(read).to.include({ format: 'webp', width, height: width / 2 })
      }
    })

  it('stand in the listing in their order, the first on its card', async () => {
    const ids: string[] = []
    for (let n = 0; n < 3; n++) ids.push((await add(await another())).body.id)
    expect((await shown()).photos.map((photo: { id: string }) => photo.id)).to.deep.equal(ids)
    const order = [ids[2], ids[0], ids[1]]
    const arranged = await t.request('PUT', path, { as: 'seller', body: { ids: order } })
    expect(arranged.body.items.map((photo: { id: string }) => photo.id)).to.deep.equal(order)
    expect((await shown()).photo.id).to.equal(ids[2])
    const { body } = await t.get(`/api/v1/listings?seller=${(await t.accounts.shop()).id}&limit=100`)
    const card = body.items.find((item: { id: string }) => item.id === id)
    expect(card.photo.id).to.equal(ids[2])
  })

  it('are arranged only as they are: all, once, and none of another', async () => {
    const [one, two] = [(await add(await another())).body.id, (await add(await another())).body.id]
    for (const ids of [[one], [one, one], [one, two, UNKNOWN], [two, UNKNOWN], []]) {
      const answer = await t.request('PUT', path, { as: 'seller', body: { ids } })
      expect(answer.body.code).to.equal('photos.changed')
    }
    expect((await shown()).photo.id).to.equal(one)
  })

  it('are the same one when sent again, however often at once', async () => {
    const bytes = await another()
    const answers = await Promise.all([1, 2, 3, 4].map(() => add(bytes)))
    expect(new Set(answers.map(({ body }) => body.id)).size).to.equal(1)
    expect((await shown()).photos).to.have.length(1)
  })

  it('are twelve at most, however many come at once', async () => {
    const many = await Promise.all(Array.from({ length: 14 }, another))
    const answers = await Promise.all(many.map(bytes => add(bytes)))
    expect(answers.filter(({ status }) => status === 201)).to.have.length(12)
    expect(answers.filter(({ body }) => body.code === 'photos.too_many')).to.have.length(2)
    expect((await shown()).photos).to.have.length(12)
  })

  it('carry nothing a camera wrote, and stand upright', async () => {
    const exif = { IFD0: { Artist: 'somebody' }, IFD3: { GPSLatitudeRef: 'N' } }
    const lying = await picture(RED, { width: 400, height: 200 })
      .withExif(exif)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    const { body } = await add(lying)
    expect(body).to.include({ width: 200, height: 400 })
    const large = Buffer.from(await (await fetched(body.large)).arrayBuffer())
    expect((await sharp(large).metadata()).exif).to.equal(undefined)
    expect(large.includes('somebody')).to.equal(false)
  })

  const html = Buffer.from('<html><script>alert(1)</script></html>')
  for (const [what, bytes, type] of [
    ['a page called a picture', html, 'image/png'],
    [
      'an SVG called a PNG',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
      'image/png',
    ],
    ['a cut JPEG', null, 'image/jpeg'],
    ['nothing', Buffer.alloc(0), 'image/webp'],
  ] as const)
    it(`are not ${what}`, async () => {
      const whole = await picture(RED).jpeg().toBuffer()
      const { status, body } = await add(bytes ?? whole.subarray(0, whole.length / 2), type)
      expect([status, body.code]).to.deep.equal([422, 'photos.unreadable'])
      expect((await shown()).photos).to.have.length(0)
    })

  it('are not a picture of a thousand million pixels in few bytes', async () => {
    const bomb = await picture(RED, { width: 12_000, height: 12_000 }).png().toBuffer()
    expect((await add(bomb, 'image/png')).body.code).to.equal('photos.unreadable')
  }).timeout(20_000)

  it('come as pictures and within 10 MB', async () => {
    expect((await add(html, 'text/html')).status).to.equal(415)
    expect((await add(Buffer.alloc(10 * 1024 * 1024 + 1))).status).to.equal(413)
  })

  it("are nobody else's to add, arrange or remove; another shop's listing is as one that is not", async () => {
    const photo = (await add(await another())).body.id
    await t.accounts.shop('seller:2')
    const bytes = await another()
    const unknown = async (method: string, send: object, rest = '') =>
      t.request(method, `/api/v1/listings/${UNKNOWN}/photos${rest}`, { as: 'seller:2', ...send })
    const attempts = [
      ['POST', { raw: bytes, headers: { 'content-type': 'image/png' } }, ''],
      ['PUT', { body: { ids: [photo] } }, ''],
      ['DELETE', {}, `/${photo}`],
    ] as const
    for (const [method, send, rest] of attempts) {
      const answer = await t.request(method, `${path}${rest}`, { as: 'seller:2', ...send })
      const { code, status, detail, title } = (await unknown(method, send, rest)).body
      expect(answer.body).to.include({ code, status, title, detail: detail.replace(UNKNOWN, id) })
      expect(status).to.equal(404)
    }
    expect((await add(bytes, 'image/png', 'buyer')).status).to.equal(403)
    expect((await shown()).photos).to.have.length(1)
  })

  it('that are taken down are gone with their files, but where another listing shows them', async () => {
    const bytes = await another()
    const first = (await add(bytes)).body
    const other = await t.accounts.listing()
    const otherPath = `/api/v1/listings/${other.id}/photos`
    const second = (
      await t.post(otherPath, { as: 'seller', raw: bytes, headers: { 'content-type': 'image/png' } })
    ).body
    expect(second.large).to.equal(first.large)

    expect((await t.request('DELETE', `${path}/${first.id}`, { as: 'seller' })).status).to.equal(204)
    await t.settle()
    expect((await fetched(first.large)).status).to.equal(200)
    expect((await t.request('DELETE', `${otherPath}/${second.id}`, { as: 'seller' })).status).to.equal(204)
    await t.settle()
    for (const size of ['small', 'medium', 'large']) expect((await fetched(first[size])).status).to.equal(404)
    expect((await t.request('DELETE', `${path}/${first.id}`, { as: 'seller' })).body.code).to.equal(
      'photos.not_found',
    )
  })

  it('are asked for again by what a browser has', async () => {
    const { body } = await add(await another())
    const etag = (await fetched(body.small)).headers.get('etag') as string
    const again = await fetch(`${t.baseUrl}${body.small}`, {
      headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
    })
    expect(again.status).to.equal(304)
  })

  for (const file of [
    '..%2f..%2fetc%2fpasswd',
    'x',
    `${'a'.repeat(64)}-320.svg`,
    `${'a'.repeat(64)}-320.webp`,
  ])
    it(`are not found at ${file}`, async () => {
      const answer = await fetched(`/media/${file}`)
      expect(answer.status).to.equal(404)
      expect(answer.headers.get('cache-control') ?? '').to.not.include('immutable')
    })
})
