import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { COLUMNS } from '../../api/modules/listings/import/columns.js'
import { useContext } from '../support/context.js'
import { counts, importCsv } from '../support/importing.js'

const page = readFileSync(fileURLToPath(new URL('../../../docs/listings-csv.md', import.meta.url)), 'utf8')

describe('the page about listings from CSV files', () => {
  const t = useContext()
  before(() => t.accounts.shop('seller'))

  it('names every column in both languages', () => {
    for (const [name, arabic] of Object.entries(COLUMNS))
      expect(page).to.include(`| \`${name}\` | ${arabic} |`)
  })

  it('shows a file that is taken as it is', async () => {
    const [, example = ''] = /```csv\n(.*?)```/s.exec(page) ?? []
    const { rows, summary } = await importCsv(t, example)
    expect(summary, JSON.stringify(rows)).to.deep.equal(counts({ created: 5 }))
    const found = await t.get(`/api/v1/listings/${rows[2]?.listingId}`, { as: 'seller' })
    expect(found.body).to.deep.include({ sku: 'SP-3001', price: { amount: 115_000, currency: 'SAR' } })
  })
})
