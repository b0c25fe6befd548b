import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { parse } from 'csv-parse/sync'
import { useScratch } from '../embedded/scratch.js'
import { bareEnvironment, cargoparts, type Ended, envelope, json } from '../support/command.js'
import { useContext } from '../support/context.js'
import { counts, csv, row, stored } from '../support/importing.js'

describe('cargoparts listings:import', function () {
  this.timeout(60_000)
  const t = useContext()
  const scratch = useScratch()
  let seller: { id: string; crNumber: string }
  let serial = 0
  const fileOf = (text: string | Buffer): string => {
    const name = scratch.path(`in-${++serial}.csv`)
    writeFileSync(name, text)
    return name
  }
  const run = (file: string, ...args: string[]): Promise<Ended> =>
    cargoparts(['listings:import', file, '--seller', seller.crNumber, ...args], bareEnvironment(t.env))

  before(async () => {
    const { id, crNumber } = await t.accounts.shop('seller')
    seller = { id, crNumber }
  })
  afterEach(() => t.owner('listings').where({ seller_id: seller.id }).delete())

  it('imports for the seller it names, by CR number or id, in the name of the operator', async () => {
    const file = fileOf(csv([row('A'), row('B')]))
    const end = await run(file)
    expect(end).to.include({ code: 0, stderr: '' })
    expect(end.stdout).to.equal('rows\tnumber\ncreated\t2\nupdated\t0\nunchanged\t0\nfailed\t0\nskipped\t0\n')
    const [entry] = await t.owner('audit_log').where({ action: 'listings_imported' })
    expect(entry).to.include({ actor_kind: 'operator', object_id: seller.id })
    const again = await cargoparts(
      ['listings', 'import', file, '--seller', seller.id, '--json'],
      bareEnvironment(t.env),
    )
    expect(json(again)).to.deep.equal({
      seller: seller.id,
      dryRun: false,
      rows: 2,
      summary: counts({ unchanged: 2 }),
      report: null,
    })
  })

  it('exits 5 where rows failed, and shows the first ten of them', async () => {
    const rows = Array.from({ length: 13 }, (_, n) =>
      row(`F-${n}`, n === 0 ? {} : { price: 'x', quantity: 'y' }),
    )
    const end = await run(fileOf(csv(rows)))
    expect(end.code, end.stderr).to.equal(5)
    expect(end.stdout).to.match(/^failed\t12$/m)
    expect(end.stdout).to.match(/^3\tF-1\tprice: must be an amount .*; quantity: must be a whole number$/m)
    expect(end.stdout.match(/\tF-\d+\t/g)).to.have.length(10)
    expect(end.stdout).to.match(/^and 2 more: --report FILE/m)
    const document = await run(fileOf(csv(rows)), '--json')
    expect(document.code).to.equal(5)
    expect(json(document).summary).to.deep.equal(counts({ unchanged: 1, failed: 12 }))
  })

  it('tells all in a report that no spreadsheet takes for formulas', async () => {
    const rows = [row('=1+1'), row('@x', { price: 'x' }), row('-3', { title_en: '' }), row('plain')]
    const end = await run(fileOf(csv(rows)), '--report', scratch.path('report.csv'))
    expect(end.code, end.stderr).to.equal(5)
    const [head, ...lines] = parse(readFileSync(scratch.path('report.csv'))) as string[][]
    expect(head).to.deep.equal(['row', 'sku', 'outcome', 'errors'])
    expect(lines.map(line => line.slice(0, 3))).to.deep.equal([
      ['2', "'=1+1", 'created'],
      ['3', "'@x", 'failed'],
      ['4', "'-3", 'failed'],
      ['5', 'plain', 'created'],
    ])
    expect(lines[1]?.[3]).to.match(/^price: must be an amount/)
    expect(readdirSync(scratch.path()).filter(name => name.includes('.part'))).to.be.empty
  })

  it('writes nothing on a dry run, and all or none by chunks where that is asked', async () => {
    const file = fileOf(csv([row('A'), row('B', { price: 'x' })]))
    const dry = json(await run(file, '--dry-run', '--json'))
    expect(dry).to.deep.include({ dryRun: true, summary: counts({ created: 1, failed: 1 }) })
    const chunks = json(await run(file, '--mode', 'chunks', '--json'))
    expect(chunks.summary).to.deep.equal(counts({ skipped: 1, failed: 1 }))
    expect(await stored(t, seller.id)).to.be.empty
  })

  it('refuses what is no file, no CSV or no seller, before it writes anything', async () => {
    const good = fileOf(csv([row('A')]))
    mkdirSync(scratch.path('folder'))
    const refused = async (end: Ended, code: number, name: string) => {
      expect(end.code, end.stdout + end.stderr).to.equal(code)
      expect(envelope(end).code).to.equal(name)
    }
    await refused(await run(scratch.path('none.csv'), '--json'), 5, 'cli.cannot_read')
    await refused(await run(scratch.path('folder'), '--json'), 5, 'cli.cannot_read')
    await refused(await run(fileOf('sku,colour\nA,red\n'), '--json'), 5, 'imports.unknown_columns')
    await refused(await run(fileOf(Buffer.from([0x73, 0xff])), '--json'), 5, 'imports.not_utf8')
    await refused(
      await run(good, '--report', scratch.path('no', 'such', 'r.csv'), '--json'),
      5,
      'cli.cannot_write',
    )
    const other = (name: string) =>
      cargoparts(['listings:import', good, '--seller', name, '--json'], bareEnvironment(t.env))
    await refused(await other('nobody'), 5, 'cli.bad_seller')
    await refused(await other('9999999999'), 3, 'sellers.not_found')
    await refused(await other(crypto.randomUUID()), 3, 'sellers.not_found')
    expect(await stored(t, seller.id)).to.be.empty
    expect(readdirSync(scratch.path()).filter(name => name.includes('.part'))).to.be.empty
  })

  it('imports nothing for a suspended seller', async () => {
    await t.owner('sellers').where({ id: seller.id }).update({ status: 'SUSPENDED' })
    const end = await run(fileOf(csv([row('A')])), '--json')
    await t.owner('sellers').where({ id: seller.id }).update({ status: 'APPROVED' })
    expect(end.code).to.equal(4)
    expect(envelope(end).code).to.equal('sellers.suspended')
  })
})
