import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { useScratch } from '../embedded/scratch.js'
import {
  bareEnvironment,
  cargoparts,
  type Ended,
  envelope,
  json,
  operatorEnvironment,
  shell,
} from '../support/command.js'
import { useContext } from '../support/context.js'
import { buy } from '../support/shopping.js'

const HEAD =
  'number,kind,issued_at,seller,cr_number,vat_number,buyer,order,net_sar,vat_sar,rounding_sar,total_sar,currency'

describe('cargoparts orders:show', function () {
  this.timeout(60_000)
  const t = useContext()
  const show = (...args: string[]): Promise<Ended> =>
    cargoparts(['orders:show', ...args], bareEnvironment(t.env))
  let order: { id: string; number: string }

  before(async () => {
    const listing = await t.accounts.listing({ priceHalalas: 11_500 as never })
    const { orderId } = await buy(t, [{ listingId: listing.id, quantity: 2 }])
    order = await t.db('orders').where({ id: orderId }).first('id', 'number')
  })

  it('by number and by id tells of lines, payment and invoice', async () => {
    const [byNumber, byId] = await Promise.all([show(order.number), show(order.id)])
    expect(byNumber).to.deep.equal(byId).and.to.include({ code: 0, stderr: '' })
    expect(byNumber.stdout)
      .to.match(new RegExp(`^${order.number} {2}PAID {2}placed \\d{4}-\\d{2}-\\d{2} \\d{2}:\\d{2}, paid `))
      .and.match(/^04465-33480\tFront brake pads\t2\t230\.00$/m)
      .and.match(/^net 200\.00 {2}VAT 30\.00 {2}total 230\.00 SAR$/m)
      .and.match(/^payment .+ tap {2}CAPTURED {2}230\.00 SAR$/m)
      .and.match(/^INV-\d+-000001 {2}.+ {2}230\.00 SAR$/m)
  })

  it('as a document', async () => {
    const document = json(await show(order.number, '--json'))
    expect(document.order).to.include({ id: order.id, number: order.number, status: 'PAID' })
    expect(document.order.total).to.deep.equal({ amount: 23_000, currency: 'SAR' })
    expect(document.payments[0].status).to.equal('CAPTURED')
    expect(document.invoices[0]).to.include({ kind: 'TAX_INVOICE' })
  })

  for (const unknown of ['CP-9999999', '01970000-0000-7000-8000-000000000000']) {
    it(`${unknown} is not found: 3`, async () => {
      const end = await show('--json', unknown)
      expect(end.code, end.stdout).to.equal(3)
      expect(envelope(end)).to.include({ kind: 'not_found', code: 'orders.not_found' })
    })
  }
})

describe('cargoparts orders:show, asked for what is no order', function () {
  this.timeout(60_000)
  const env = operatorEnvironment({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
  for (const word of ['nonsense', 'INV-1-000001', "'; drop table orders", 'CP-']) {
    it(`${word} exits 5, before anything is asked`, async () => {
      const end = await cargoparts(['orders:show', '--json', word], env)
      expect(end.code, end.stdout).to.equal(5)
      expect(envelope(end)).to.include({ kind: 'invalid', code: 'cli.bad_order' })
    })
  }
})

describe('cargoparts invoices:export', function () {
  this.timeout(60_000)
  const t = useContext()
  const scratch = useScratch()
  const run = (...args: string[]): Promise<Ended> =>
    cargoparts(['invoices:export', ...args], bareEnvironment(t.env))
  const lines = (csv: string) => csv.trimEnd().split('\n').slice(1)
  let orderId: string

  before(async () => {
    const listing = await t.accounts.listing()
    ;({ orderId } = await buy(t, [{ listingId: listing.id, quantity: 1 }]))
    // midnight in Riyadh is 21:00 UTC of the day before
    await copies("timestamptz '2026-03-01 00:00:00+03' + interval '1 second' * (n - 2)", 3)
  })

  /** Credit notes to the first document; `issued` says when each was written, by its number n. */
  const copies = (issued: string, count: number, over: Record<string, string> = {}) => {
    const { seller = 'i.seller_name', rounding = '0' } = over
    return t.owner.raw(`
      insert into invoices select (jsonb_populate_record(i, jsonb_build_object(
        'id', gen_random_uuid(), 'kind', 'CREDIT_NOTE', 'original_id', i.id,
        'number', 'COPY-' || gen_random_uuid(), 'seller_name', ${seller}, 'rounding_halalas', ${rounding},
        'total_halalas', i.net_halalas + i.vat_halalas + ${rounding}, 'issued_at', ${issued}))).*
      from invoices i, generate_series(1, ${count}) n where i.order_id = '${orderId}' and i.kind = 'TAX_INVOICE'`)
  }

  it('writes CSV alone to stdout, the count to stderr, Arabic as it is', async () => {
    const end = await run()
    expect({ code: end.code, stderr: end.stderr }).to.deep.equal({
      code: 0,
      stderr: '4 documents exported.\n',
    })
    expect(end.stdout.split('\n')[0]).to.equal(HEAD)
    const own = lines(end.stdout).find(line => line.startsWith('INV-'))
    expect(own).to.match(
      /^INV-\d+-000001,TAX_INVOICE,[\dT:-]+\+03:00,شركة قطع الاختبار المحدودة,.+,CP-\d+,100.00,15.00,0.00,115.00,SAR$/,
    )
  })

  it('takes days as days in Riyadh, half open', async () => {
    const [day, before, after] = await Promise.all([
      run('--since', '2026-03-01', '--until', '2026-03-02'),
      run('--until', '2026-03-01'),
      run('--since', '2026-03-01T00:00:01+03:00', '--until', '2026-03-02'),
    ])
    const times = (end: Ended) => lines(end.stdout).map(line => line.split(',')[2])
    expect(times(day)).to.deep.equal(['2026-03-01T00:00:00+03:00', '2026-03-01T00:00:01+03:00'])
    expect(times(before)).to.deep.equal(['2026-02-28T23:59:59+03:00'])
    expect(times(after)).to.deep.equal(['2026-03-01T00:00:01+03:00'])
  })

  it('refuses a time that is none with 5, before it writes anything', async () => {
    const end = await run('--since', '2026-02-30')
    expect(end).to.include({ code: 5, stdout: '' })
    expect(end.stderr).to.match(/^Error: 2026-02-30 is no time/)
  })

  it('writes to a file in one step, and leaves no other', async () => {
    mkdirSync(scratch.path('out'))
    writeFileSync(scratch.path('out', 'q1.csv'), 'the last export')
    const end = await run('--output', scratch.path('out', 'q1.csv'), '--json')
    expect({ code: end.code, stderr: end.stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(json(end)).to.deep.equal({ rows: 4, file: scratch.path('out', 'q1.csv') })
    expect(readdirSync(scratch.path('out'))).to.deep.equal(['q1.csv'])
    expect(lines(readFileSync(scratch.path('out', 'q1.csv'), 'utf8'))).to.have.length(4)
  })

  it('--excel begins with the mark that Excel looks for', async () => {
    await run('--excel', '--output', scratch.path('excel.csv'))
    expect([...readFileSync(scratch.path('excel.csv')).subarray(0, 4)]).to.deep.equal([
      0xef, 0xbb, 0xbf, 0x6e,
    ])
  })

  it('--json without --output exits 5', async () => {
    const end = await run('--json')
    expect(end.code).to.equal(5)
    expect(envelope(end)).to.include({ kind: 'invalid', code: 'cli.output_needed' })
  })

  it('a file that cannot be written exits 5 and leaves nothing', async () => {
    mkdirSync(scratch.path('folder'))
    for (const file of [scratch.path('no', 'such', 'folder.csv'), scratch.path('folder')]) {
      const end = await run('--output', file, '--json')
      expect(end.code, end.stdout + end.stderr).to.equal(5)
      expect(envelope(end)).to.include({ kind: 'invalid', code: 'cli.cannot_write' })
    }
    expect(readdirSync(scratch.path()).filter(name => name.includes('.part'))).to.be.empty
  })

  it('lets no name become a formula, and leaves an amount below zero a number', async () => {
    const name = "(array['=1+1', '+966', '-1', '@sum(a1)', E'\\tx', 'a,\"b\"', 'سيارة =1'])[n]"
    await copies("timestamptz '2025-01-01 00:00:00+03' + interval '1 second' * n", 7, {
      seller: name,
      rounding: '-1',
    })
    const { stdout } = await run('--since', '2025-01-01', '--until', '2025-01-02')
    const rows = lines(stdout)
    const sellers = rows.map(row => /^[^,]+,[^,]+,[^,]+,("(?:[^"]|"")*"|[^,]*)/.exec(row)?.[1])
    expect(sellers).to.deep.equal(["'=1+1", "'+966", "'-1", "'@sum(a1)", "'\tx", '"a,""b"""', 'سيارة =1'])
    for (const row of rows) expect(row).to.match(/,100\.00,15\.00,-0\.01,114\.99,SAR$/)
  })

  it('gives every one of 1,000 documents once, in order, many of them of one second', async () => {
    await copies("timestamptz '2024-05-01 00:00:00+03' + interval '1 second' * (n / 250)", 1_000)
    const { stdout, stderr } = await run('--since', '2024-05-01', '--until', '2024-05-02')
    expect(stderr).to.equal('1000 documents exported.\n')
    const rows = lines(stdout).map(line => line.split(','))
    expect(new Set(rows.map(([number]) => number)).size).to.equal(1_000)
    const times = rows.map(row => row[2])
    expect(times).to.deep.equal([...times].sort())
  })

  it('a reader that has seen enough is no failure', async () => {
    const end = await shell('set -o pipefail; cargoparts invoices:export | head -1', bareEnvironment(t.env))
    expect({ code: end.code, stdout: end.stdout }, end.stderr).to.deep.equal({ code: 0, stdout: `${HEAD}\n` })
    expect(end.stderr).to.not.match(/Error|EPIPE/)
  })

  it('shows no secret of its environment anywhere', async () => {
    const secrets = [
      new URL(t.databaseUrl).password,
      new URL(t.env.REDIS_URL as string).password,
      ...['JWT_SECRET', 'SESSION_SECRET', 'PAYMENT_ENCRYPTION_KEY', 'TAP_SECRET_KEY'].map(
        name => t.env[name],
      ),
    ] as string[]
    const env = bareEnvironment({ ...t.env, LOG_LEVEL: 'debug' })
    const asked = [
      ['db:status'],
      ['webhooks:list'],
      ['invoices:export', '--output', '/nowhere/x.csv'],
      ['env:check'],
    ]
    for (const end of await Promise.all(asked.map(args => cargoparts(args, env))))
      for (const secret of secrets.filter(value => value !== ''))
        expect(end.stdout + end.stderr).to.not.include(secret)
  })
})
