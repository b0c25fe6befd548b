import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { readXml } from '../../api/modules/invoices/zatca/rules/xml-tree.js'
import { findingsIn } from '../../api/modules/invoices/zatca/validate.js'
import { halalas } from '../../api/platform/money.js'
import { useScratch } from '../embedded/scratch.js'
import { bareEnvironment, cargoparts, type Ended, envelope, json } from '../support/command.js'
import { useContext } from '../support/context.js'
import { buy, place } from '../support/shopping.js'
import { aSigner, signed } from '../zatca/a-signer.js'
import { aDocument, aTaxInvoice, xmlOf } from '../zatca/documents.js'

describe('cargoparts vat:calculate', function () {
  this.timeout(60_000)
  const calculate = (...args: string[]): Promise<Ended> => cargoparts(['vat:calculate', ...args])

  it('adds VAT to an amount', async () => {
    const end = await calculate('1.50')
    expect(end).to.deep.equal({
      code: 0,
      stdout: '\tSAR\nnet\t1.50\nVAT 15 %\t0.23\ntotal\t1.73\n',
      stderr: '',
    })
  })

  it('takes VAT out of a shelf price, with what is left over', async () => {
    const end = await calculate('٠٫٥٠', '--inclusive', '--json')
    expect(json(end)).to.deep.equal({
      ratePercent: 15,
      net: { amount: 43, currency: 'SAR' },
      vat: { amount: 6, currency: 'SAR' },
      rounding: { amount: 1, currency: 'SAR' },
      total: { amount: 50, currency: 'SAR' },
    })
  })

  it('knows the other rates', async () => {
    const [five, zero] = await Promise.all([
      calculate('100', '--rate', '5'),
      calculate('1,150.50', '--rate', '0'),
    ])
    expect(five.stdout).to.include('VAT 5 %\t5.00').and.include('total\t105.00')
    expect(zero.stdout).to.include('total\t1150.50')
  })

  for (const amount of ['-5', 'NaN', '1.005', '1,5', 'ten', '1e3', '']) {
    it(`refuses ${amount || 'nothing'}: 5`, async () => {
      const end = await calculate('--json', '--', amount)
      expect(end.code, end.stdout).to.equal(5)
      expect(envelope(end).kind).to.equal('invalid')
    })
  }
})

describe('cargoparts invoices:verify', function () {
  this.timeout(60_000)
  const folder = useScratch()
  const file = (name: string, text: string): string => {
    const full = folder.path(name)
    writeFileSync(full, text)
    return full
  }
  const verify = (...args: string[]): Promise<Ended> => cargoparts(['invoices:verify', ...args])
  const wrong = () =>
    xmlOf(aTaxInvoice()).replace('>115.00</cbc:PayableAmount>', '>115.01</cbc:PayableAmount>')

  it('lets a good document pass, however old it is, and a tax invoice that ZATCA has still to stamp', async () => {
    const end = await verify(
      file('good.xml', xmlOf(aTaxInvoice())),
      file('old.xml', signed(aDocument(), aSigner()).xml),
    )
    expect(end).to.include({ code: 0, stderr: '' })
    expect(end.stdout).to.match(/^note\tNOT-SIGNED\t/m)
    expect(end.stdout)
      .to.match(/good\.xml: passes\n(.|\n)*old\.xml: passes\n/)
      .and.match(/note\tBR-KSA-98\t/)
  })

  it('tells rule, place and sentence, and ends with 5', async () => {
    const end = await verify(file('wrong.xml', wrong()))
    expect(end.code).to.equal(5)
    expect(end.stdout).to.match(
      /warning\tBR-CO-16\t2\t\/Invoice\/cac:LegalMonetaryTotal\tThe sum to pay \(BT-115\) is not .+\n/,
    )
  })

  it('names the bytes and the value that are wrong with the seal: 5', async () => {
    const { xml } = signed(aDocument(), aSigner())
    const end = await verify(file('tampered.xml', xml.replace('T14:05:10<', 'T14:05:11<')), '--json')
    expect(end.code).to.equal(5)
    const [finding] = json(end).files[0].findings.filter((each: { id: string }) => each.id !== 'BR-KSA-98')
    expect(finding).to.include({ id: 'SIGNED-PROPERTIES-HASHING', severity: 'error' })
    const [[from, until]] = finding.ranges
    expect(Buffer.from(xml).subarray(from, until).toString()).to.match(
      /^<xades:SignedProperties .*<\/xades:SignedProperties>$/s,
    )
    const text = await verify(file('tampered.xml', xml.replace('>115.00</cbc:TaxInc', '>115.10</cbc:TaxInc')))
    expect(text.stdout).to.match(
      /^error\tINVALID-INVOICE-HASH\t2\t\/Invoice\t.+ Bytes \d+–\d+, \d+–\d+, \d+–\d+\. Found: /m,
    )
  })

  it('says it in Arabic, and as a document', async () => {
    const name = file('arabic.xml', wrong())
    const end = await verify(name, '--arabic', '--json')
    expect(end.code).to.equal(5)
    const [{ findings, ...about }] = json(end).files
    expect(about).to.deep.equal({ file: name, passes: false })
    expect(findings[0]).to.include({ id: 'BR-CO-16', severity: 'warning', line: 2 })
    expect(findings[0].text).to.match(/^المبلغ المستحق/)
  })

  for (const [what, name, text, code] of [
    ['no file', undefined, '', 'cli.cannot_read'],
    ['no XML', 'text.xml', 'hello', 'invoices.not_xml'],
    ['no invoice', 'note.xml', '<note/>', 'invoices.not_an_invoice'],
    ['no UTF-8', 'latin.xml', '\u0000', 'invoices.not_utf8'],
  ] as const) {
    it(`refuses what is ${what}: 5`, async () => {
      const full = name ? file(name, text) : folder.path('nowhere.xml')
      if (name === 'latin.xml') writeFileSync(full, Buffer.from([0x3c, 0xff, 0xfe]))
      const end = await verify('--json', full)
      expect(end.code, end.stdout).to.equal(5)
      expect(envelope(end).code).to.equal(code)
    })
  }
})

describe('cargoparts invoices:show and invoices:generate', function () {
  this.timeout(60_000)
  const t = useContext()
  const run = (...args: string[]): Promise<Ended> => cargoparts(args, bareEnvironment(t.env))
  /** Paid, while no worker writes its document. */
  async function paidOrder(who: 'seller' | 'seller:2' = 'seller'): Promise<{ id: string; number: string }> {
    const listing = await t.accounts.listing({ priceHalalas: halalas(11_500) }, who)
    const order = (await place(t, [{ listingId: listing.id, quantity: 2 }])).orders[0]
    await t.owner('orders').where({ id: order?.id }).update({ status: 'PAID', paid_at: new Date() })
    return order as { id: string; number: string }
  }

  it('show a document, and its XML to the byte', async () => {
    const listing = await t.accounts.listing({ priceHalalas: halalas(11_500) })
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 2 }])
    const invoice = await t.db('invoices').where({ order_id: orderId }).first()
    const [shown, byId, xml] = await Promise.all([
      run('invoices:show', invoice.number.toLowerCase()),
      run('invoices:show', invoice.id, '--json'),
      run('invoices:show', invoice.number, '--xml'),
    ])
    expect(shown).to.include({ code: 0, stderr: '' })
    expect(shown.stdout)
      .to.match(/^number\tINV-\d+-000001 {2}tax invoice \(simplified\)$/m)
      .and.match(/^04465-33480\tFront brake pads\t2\t200\.00\t230\.00$/m)
      .and.match(/^net 200\.00 {2}VAT 30\.00 {2}rounding 0\.00 {2}total 230\.00 SAR$/m)
    expect(json(byId)).to.include({ id: invoice.id, form: 'SIMPLIFIED' })
    const stored = await t.db('tax_documents').where({ invoice_id: invoice.id }).first('xml')
    expect(xml).to.deep.equal({ code: 0, stdout: stored.xml, stderr: '' })
  })

  it('write what is missing, once: of one order, then of all', async () => {
    const orders = [await paidOrder(), await paidOrder(), await paidOrder()]
    const dry = await run('invoices:generate', '--all', '--dry-run')
    expect(dry.stdout).to.match(new RegExp(`^${orders[1]?.number}\tinvoice$`, 'm'))
    expect(json(await run('invoices:generate', '--all', '--dry-run', '--json')).missing).to.equal(3)

    const one = json(await run('invoices:generate', orders[1]?.number as string, '--json'))
    expect(one).to.deep.include({ missing: 1, failed: [] })
    const all = await run('invoices:generate', '--all')
    expect(all).to.include({ code: 0, stdout: '2 written, 0 failed.\n' })
    expect(all.stderr).to.include('2 of 2 documents')
    const again = await run('invoices:generate', '--all')
    expect(again).to.include({ code: 0, stdout: 'Nothing is missing.\n' })

    const rows = await t.db('tax_documents').orderBy('counter')
    for (const { xml } of rows) expect(findingsIn(xml, t.clock.now())).to.deep.equal([])
    expect(readXml(rows[0].xml).named('cac:InvoiceLine')).to.have.length(1)
  })

  it('write the others where one cannot be written: 5', async () => {
    const [bad, good] = [await paidOrder('seller:2'), await paidOrder()]
    const shop = await t.accounts.shop('seller:2')
    await t.owner('sellers').where({ id: shop.id }).update({ cr_number: '1012345678' })
    const end = await run('invoices:generate', '--all')
    expect(end.code).to.equal(5)
    expect(end.stdout)
      .to.match(/^1 written, 1 failed\.$/m)
      .and.match(new RegExp(`^${bad.number}\t.*BR-KSA-F-13`, 'm'))
    expect(await t.db('invoices').where({ order_id: good.id })).to.have.length(1)
  })

  for (const [args, exit, code] of [
    [['invoices:show', 'INV-9-999999'], 3, 'invoices.not_found'],
    [['invoices:show', 'what'], 5, 'cli.bad_invoice'],
    [['invoices:generate'], 5, 'cli.order_or_all'],
    [['invoices:generate', 'CP-9999999'], 3, 'orders.not_found'],
  ] as const) {
    it(`refuse ${args.join(' ')}: ${exit}`, async () => {
      const end = await run(...args, '--json')
      expect(end.code, end.stdout).to.equal(exit)
      expect(envelope(end).code).to.equal(code)
    })
  }
})
