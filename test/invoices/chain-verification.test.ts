import { expect } from 'chai'
import decodeQr from 'qr/decode.js'
import type { VerifiedChain } from '../../api/modules/invoices/chain-verification.js'
import { bareEnvironment, cargoparts, type Ended, json } from '../support/command.js'
import { useContext } from '../support/context.js'
import { atOnce } from '../support/ordering.js'
import { place } from '../support/shopping.js'

describe('a stored chain', function () {
  this.timeout(60_000)
  const t = useContext()
  const DOCUMENTS = 4
  let shop: { id: string; crNumber: string }
  const run = (...args: string[]): Promise<Ended> => cargoparts(args, bareEnvironment(t.env))
  const verified = async (): Promise<VerifiedChain> => {
    for await (const chain of t.services.invoices.verifyChains({ sellerId: shop.id })) return chain
    throw new Error('there is no chain')
  }
  const rows = () => t.db('tax_documents').where({ seller_id: shop.id }).orderBy('counter')

  before(async () => {
    const listing = await t.accounts.listing({ stock: DOCUMENTS })
    shop = await t.accounts.shop()
    for (let made = 0; made < DOCUMENTS; made++) {
      const { orders } = await place(t, [{ listingId: listing.id, quantity: 1 }])
      await t.owner('orders').where({ id: orders[0]?.id }).update({ status: 'PAID', paid_at: t.clock.now() })
      await t.services.invoices.issueForOrder(orders[0]?.id as string)
    }
  })

  it('holds, from the first document to what its unit remembers', async () => {
    expect(await verified()).to.deep.include({ sellerId: shop.id, documents: DOCUMENTS, break: null })
    const end = await run('invoices:verify', '--seller', shop.crNumber)
    expect(end).to.include({ code: 0 })
    expect(end.stdout).to.match(/^قطع الاختبار, 1-CargoParts\|2-API\|3-[0-9a-f-]+: 4 documents hold\.$/m)
    const all = await run('invoices:verify', '--all', '--json')
    expect(json(all).chains).to.have.length(1)
  })

  /** Changes what the application cannot, looks, and puts it back. */
  async function withChange(
    table: string,
    where: object,
    change: object,
    look: () => Promise<void>,
  ): Promise<void> {
    const before = await t.owner(table).where(where).first(Object.keys(change))
    await t.owner.raw('set session_replication_role = replica').catch(() => undefined)
    await t.owner(table).where(where).update(change)
    try {
      await look()
    } finally {
      await t.owner(table).where(where).update(before)
    }
  }

  const replaced = async (counter: number, from: string | RegExp, to: string) => {
    const { invoice_id, xml } = (await rows())[counter - 1]
    expect(xml).to.match(from instanceof RegExp ? from : new RegExp(from))
    return [{ invoice_id }, { xml: xml.replace(from, to) }] as const
  }

  const breaks: [string, string | RegExp, string, string, RegExp][] = [
    [
      'a sum',
      '>115.00</cbc:PayableAmount>',
      '>115.01</cbc:PayableAmount>',
      'INVALID-INVOICE-HASH',
      /does not verify/,
    ],
    ['the time of signing', /(SigningTime>)\d/, '$19', 'SIGNED-PROPERTIES-HASHING', /does not verify/],
    ['the signature', /(<ds:SignatureValue>.{40})./, '$1!', 'INVALID-SIGNATURE', /does not verify/],
    [
      'white space no hash reaches',
      '\\?>\n<Invoice',
      '?> <Invoice',
      '',
      /changed where neither hash nor signature reach/,
    ],
    ['what makes it XML', '</Invoice>', '</Invoice', '', /not a readable XML document/],
  ]
  for (const [what, from, to, id, says] of breaks)
    it(`is broken where somebody changed ${what} of its third document, and says so`, async () => {
      const pattern = typeof from === 'string' ? new RegExp(from) : from
      const [where, change] = await replaced(3, pattern, to)
      await withChange('tax_documents', where, change, async () => {
        const chain = await verified()
        expect(chain).to.include({ documents: 2 })
        expect(chain.break).to.include({ counter: 3 })
        expect(chain.break?.number).to.match(/^INV-\d+-000003$/)
        expect(chain.break?.says).to.match(says)
        if (id) expect(chain.break?.findings.map(finding => finding.id)).to.include(id)
      })
      expect((await verified()).break).to.equal(null)
    })

  it('is broken where its unit remembers another end, or a number was passed over', async () => {
    const unit = { id: (await verified()).unitId }
    await withChange('egs_units', unit, { last_counter: DOCUMENTS + 1 }, async () => {
      expect((await verified()).break?.says).to.match(/has given 5 places; documents stand at 4/)
    })
    await withChange('egs_units', unit, { last_hash: 'another' }, async () => {
      expect((await verified()).break?.says).to.match(/the unit remembers another/)
    })
    await withChange(
      'invoice_counters',
      { seller_id: shop.id, prefix: 'INV' },
      { last: DOCUMENTS + 1 },
      async () => {
        expect((await verified()).break?.number).to.match(/^INV-\d+-000005$/)
      },
    )
  })

  it('is broken where another key signed: not even a whole chain can be forged', async () => {
    const { key_id } = await t.db('egs_units').where({ seller_id: shop.id }).first()
    const other = (await t.accounts.shop('seller:other')).id
    await t.services.units.ready(other)
    const theirs = await t.db('egs_units').where({ seller_id: other }).first()
    const { public_key } = await t.db('signing_keys').where({ id: theirs.key_id }).first()
    await t
      .owner('signing_keys')
      .where({ id: theirs.key_id })
      .update({ public_key: Buffer.from('aside') })
    await withChange('signing_keys', { id: key_id }, { public_key }, async () => {
      expect((await verified()).break).to.include({
        counter: 1,
        says: "It is signed, but not with the unit's key.",
      })
    })
    await t.owner('signing_keys').where({ id: theirs.key_id }).update({ public_key })
  })

  it('the command names the first break, its bytes and the values: 5', async () => {
    const [where, change] = await replaced(2, />115\.00<\/cbc:PayableAmount>/, '>115.01</cbc:PayableAmount>')
    await withChange('tax_documents', where, change, async () => {
      const end = await run('invoices:verify', '--all')
      expect(end.code).to.equal(5)
      expect(end.stdout)
        .to.match(/: 1 documents hold, then$/m)
        .and.match(/^ {2}place 2, INV-\d+-000002: The document does not verify\.$/m)
        .and.match(/^ {2}INVALID-INVOICE-HASH at \/Invoice: /m)
        .and.match(/^ {4}bytes \d+–\d+, .*; found \S+=; expected \S+=$/m)
    })
  })

  it('wants files or a chain, not both', async () => {
    for (const args of [[], ['x.xml', '--all'], ['--all', '--seller', shop.crNumber]])
      expect((await run('invoices:verify', ...args)).code, args.join(' ')).to.equal(5)
    expect((await run('invoices:verify', '--seller', '4030999999')).code).to.equal(3)
  })

  it('has documents whose code a scanner reads from the terminal', async () => {
    const invoice = await t.db('invoices').where({ seller_id: shop.id }).first()
    const end = await run('invoices:show', invoice.number, '--qr')
    expect(end).to.include({ code: 0, stderr: '' })
    expect(scanned(end.stdout)).to.equal(invoice.qr)
    expect(json(await run('invoices:show', invoice.number, '--qr', '--json'))).to.deep.equal({
      number: invoice.number,
      qr: invoice.qr,
    })
  })

  it('is asked for again for nothing by who has its document: 304', async () => {
    const { order_id, id } = await t.db('invoices').where({ seller_id: shop.id }).first()
    const order = await t.db('orders').where({ id: order_id }).first()
    for (const path of [
      `/api/v1/invoices/${id}/xml`,
      `/api/v1/invoices/${id}`,
      `/api/v1/invoices?orderId=${order.id}`,
    ]) {
      const first = await t.get(path, { as: 'buyer' })
      const etag = first.headers.get('etag') as string
      expect(etag, path).to.match(/^"[\w-]{43}"$/)
      expect(first.headers.get('cache-control')).to.equal('private, no-cache')
      const headers = { 'if-none-match': etag }
      const again = await t.get(path, { as: 'buyer', headers })
      expect([again.status, again.text]).to.deep.equal([304, ''])
      const [stranger] = await atOnce(1, () => t.get(path, { as: 'buyer:stranger', headers }))
      expect(stranger?.status).to.equal(404)
      expect((await t.get(path, { as: 'buyer', headers: { 'if-none-match': '"another"' } })).status).to.equal(
        200,
      )
    }
  })
})

/** What a scanner reads in the picture: two rows of modules a line, each made eight pixels wide. */
function scanned(picture: string): string {
  const SCALE = 8
  const lines = picture.split('\n').filter(line => line !== '')
  const modules = lines.flatMap(line => [
    [...line].map(letter => letter === '█' || letter === '▀'),
    [...line].map(letter => letter === '█' || letter === '▄'),
  ])
  const width = Math.max(...modules.map(row => row.length)) * SCALE
  const height = modules.length * SCALE
  const data = new Uint8Array(width * height * 4).fill(255)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (modules[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)])
        data.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3)
  return decodeQr({ width, height, data })
}
