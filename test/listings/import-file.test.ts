import { readdirSync, readlinkSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { counts, csv, importCsv, row, sendCsv, stored } from '../support/importing.js'

const leftovers = () => readdirSync(tmpdir()).filter(name => name.startsWith('cargoparts-upload-'))
/** Uploads without a name that somebody still holds; where the system tells. */
const openUploads = () => {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return target.includes('cargoparts-upload-') ? [target] : []
    } catch {
      return []
    }
  })
}
const left = () => [...leftovers(), ...openUploads()]
const MIB = 1024 * 1024

describe('the file of an import', () => {
  const t = useContext()
  let sellerId: string
  before(async () => {
    sellerId = (await t.accounts.shop('seller')).id
  })
  afterEach(async () => {
    // let go of when the answer is out, which is a moment after it is here
    for (let tries = 0; tries < 20 && left().length > 0; tries++) await wait(50)
    expect(left()).to.deep.equal([])
    await t.owner('listings').where({ seller_id: sellerId }).delete()
  })

  const rows = [row('A', { description_en: 'two\nlines; "quoted", and\ttabs' }), row('B')]
  for (const [name, text] of [
    ['commas', csv(rows)],
    ['semicolons', csv(rows, { delimiter: ';' })],
    ['tabs', csv(rows, { delimiter: '\t' })],
    ['a byte order mark', csv(rows, { bom: true })],
    ['Windows line ends', csv(rows, { record_delimiter: '\r\n' })],
    ['old line ends', csv(rows, { record_delimiter: '\r' })],
    ['everything quoted', csv(rows, { quoted: true, delimiter: ';', bom: true })],
    ['no line end at its end', csv(rows).trimEnd()],
    ['blank rows', `${csv(rows)}\n,,,,,,,,\n\n`],
  ] as const) {
    it(`may have ${name}`, async () => {
      expect((await importCsv(t, text)).summary).to.deep.equal(counts({ created: 2 }))
      const [a] = await stored(t, sellerId)
      expect(a.description_en).to.equal('two\nlines; "quoted", and\ttabs')
    })
  }

  it('may say that it is UTF-8', async () => {
    await importCsv(t, csv(rows), { type: 'text/csv; charset=UTF-8' })
  })

  it('may hold no row', async () => {
    expect(await importCsv(t, csv(rows).split('\n')[0] as string)).to.deep.equal({
      rows: [],
      summary: counts({}),
    })
  })

  it('counts its rows as a spreadsheet does', async () => {
    const text = `${csv([row('A')])}\n${csv([row('B')], { header: false })}`
    expect((await importCsv(t, text)).rows.map(each => each.row)).to.deep.equal([2, 4])
  })

  const refused = async (body: string | Buffer, status: number, code: string, type?: string) => {
    const answer = await sendCsv(t, body, type ? { type } : {})
    expect(answer.body, answer.text).to.include({ status, code })
    expect(answer.headers.get('content-type')).to.equal('application/problem+json')
    const arabic = await sendCsv(t, body, { language: 'ar', ...(type ? { type } : {}) })
    expect(arabic.body.detail).to.match(/[\u0600-\u06ff]/)
    expect(await stored(t, sellerId)).to.be.empty
    return answer.body
  }
  const good = csv([row('A')])
  const windows1256 = Buffer.concat([Buffer.from(good), Buffer.from([0xc8, 0xd1, 0xed, 0xdf, 0x0a])])

  for (const [what, body] of [
    ['Windows-1256', windows1256],
    ['UTF-16', Buffer.from(`\ufeff${good}`, 'utf16le')],
    ['UTF-16 without its mark', Buffer.from('sku,price\n1,2\n', 'utf16le')],
    ['cut in the middle of a letter', Buffer.from(`${good}ب`).subarray(0, -1)],
  ] as const)
    it(`is refused as ${what}`, async () => {
      await refused(body, 400, 'imports.not_utf8')
    })

  it('is refused with columns nobody knows, by their names', async () => {
    const { columns } = await refused(
      'sku,colour,السعر,اللون\nA,red,1,أحمر\n',
      422,
      'imports.unknown_columns',
    )
    expect(columns).to.deep.equal(['colour', 'اللون'])
    const secret = await refused('sku,4111111111111111,\nA,1,2\n', 422, 'imports.unknown_columns')
    expect(secret.columns).to.deep.equal(['411111******1111', '(3)'])
  })

  it('is refused with a column twice, in whatever language', async () => {
    const { columns } = await refused('sku,price,السعر\nA,1,1\n', 422, 'imports.repeated_columns')
    expect(columns).to.deep.equal(['price'])
  })

  it("is refused without the seller's numbers", async () => {
    expect((await refused('price\n1\n', 422, 'imports.missing_column')).columns).to.deep.equal(['sku'])
    await refused('', 422, 'imports.missing_column')
  })

  for (const [what, text, at] of [
    ['a quotation mark that is never closed', `${good}"B,1\n`, 3],
    ['a quotation mark within a cell', `${good}B",1\n`, 3],
    ['text behind a closed quotation mark', `${good}"B"x,1\n`, 3],
    ['a row without end', `${good}"B${'\nx'.repeat(200_000)}",1\n`, 3],
  ] as const)
    it(`is refused whole with ${what}, by its row`, async () => {
      expect((await refused(text, 400, 'imports.bad_csv')).row).to.equal(at)
    })

  it('is refused with a line that would fill the memory', async () => {
    await refused(`${good}${','.repeat(MIB)}\n`, 400, 'imports.line_too_long')
  })

  it('is refused above a hundred thousand rows', async () => {
    const { limit } = await refused(`sku\n${'x\n'.repeat(100_001)}`, 413, 'imports.too_many_rows')
    expect(limit).to.equal(100_000)
  })

  it('is refused above 64 MiB, whether it says so or not', async () => {
    const large = Buffer.alloc(64 * MIB + 1, 'x')
    const answer = await sendCsv(t, large)
    expect(answer.body).to.include({ status: 413, code: 'request.too_large', limit: 64 * MIB })
    const piece = large.subarray(0, MIB)
    expect(await streamed(Array(66).fill(piece))).to.equal(413)
  })

  for (const type of [
    'application/json',
    'text/plain',
    'multipart/form-data',
    'text/csv; charset=windows-1256',
  ])
    it(`is refused as ${type}`, async () => {
      const { accepted } = await refused(good, 415, 'request.unsupported_type', type)
      expect(accepted).to.deep.equal(['text/csv'])
    })

  it('is not unpacked', async () => {
    const answer = await t.post('/api/v1/listings/import', {
      as: 'seller',
      raw: good,
      headers: { 'content-type': 'text/csv', 'content-encoding': 'gzip' },
    })
    expect(answer.body).to.include({ status: 415, code: 'request.unsupported_encoding' })
  })

  for (const query of ['?mode=all', '?dryRun=perhaps', '?other=1'])
    it(`is not read with ${query}`, async () => {
      expect((await sendCsv(t, good, { query })).status).to.equal(422)
    })

  it('that breaks off on its way leaves nothing behind', async () => {
    const status = await streamed([Buffer.from(good), 'break off'])
    expect(status).to.equal('broken')
    await wait(200)
    expect(await stored(t, sellerId)).to.be.empty
    expect(t.log.of('request_failed')).to.deep.equal([])
  })

  it('stops after the chunk at hand where nobody reads the report any more, and lets go of the file', async () => {
    const many = Array.from({ length: 20_000 }, (_, n) => row(`N-${n}`))
    const abort = new AbortController()
    const answer = await fetch(`${t.baseUrl}/api/v1/listings/import`, {
      method: 'POST',
      body: csv(many),
      headers: { 'content-type': 'text/csv', authorization: `Bearer ${await t.accounts.token('seller')}` },
      signal: abort.signal,
    })
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    abort.abort()
    let before = -1
    let after = (await stored(t, sellerId)).length
    while (before !== after) {
      await wait(1_000)
      before = after
      after = (await stored(t, sellerId)).length
    }
    expect(after).to.be.above(0).and.below(10_000)
    expect(after % 500).to.equal(0)
    expect(t.log.of('import_failed')).to.deep.equal([])
  }).timeout(60_000)

  /** Sends pieces without a length; ends with the status, or breaks off where it is told to. */
  async function streamed(pieces: (Buffer | 'break off')[]): Promise<number | 'broken'> {
    const token = await t.accounts.token('seller')
    return new Promise(resolve => {
      const sending = httpRequest(
        `${t.baseUrl}/api/v1/listings/import`,
        { method: 'POST', headers: { 'content-type': 'text/csv', authorization: `Bearer ${token}` } },
        answer => resolve(answer.statusCode as number),
      )
      sending.on('error', () => resolve('broken'))
      void (async () => {
        for (const piece of pieces) {
          if (piece === 'break off') {
            await wait(100)
            sending.destroy()
          } else if (!sending.write(piece)) await wait(5)
        }
        sending.end()
      })()
    })
  }
})
