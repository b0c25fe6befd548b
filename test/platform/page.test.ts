import { expect } from 'chai'
import { AppError } from '../../api/platform/errors.js'
import { createCursors, walk } from '../../api/platform/page.js'

const cursors = createCursors(() => 'a secret')
const rows = ['e', 'd', 'c', 'b', 'a']

describe('cursors', () => {
  it('come back as the position they were made from', () => {
    for (const position of ['', '0197…', 'قطع', 'a\nb'])
      expect(cursors.decode('orders', cursors.encode('orders', position))).to.equal(position)
  })

  it('are refused for another list, another secret, or altered anywhere', () => {
    const cursor = cursors.encode('orders:buyer:1', 'here')
    const other = createCursors(() => 'another secret').encode('orders:buyer:1', 'here')
    const flipped = [...cursor].map(
      (letter, index) => cursor.slice(0, index) + (letter === 'A' ? 'B' : 'A') + cursor.slice(index + 1),
    )
    const refused = [other, ...flipped, '', 'a', 'é', `${cursor}=`, `${cursor}A`, cursor.slice(0, -1), ' ']
    for (const text of refused)
      expect(() => cursors.decode('orders:buyer:1', text), text)
        .to.throw(AppError)
        .with.property('code', 'request.bad_cursor')
    expect(() => cursors.decode('orders:buyer:2', cursor)).to.throw(AppError)
  })

  for (const limit of [1, 2, 3, 5, 6]) {
    it(`walk five rows in pages of ${limit}, each once`, () => {
      const seen: string[] = []
      let pages = 0
      let cursor: string | undefined
      do {
        const from: string | undefined = cursor && cursors.decode('letters', cursor)
        const due = rows.filter(row => from === undefined || row < from).slice(0, limit + 1)
        const page = cursors.page('letters', due, limit, row => row)
        seen.push(...page.items)
        cursor = page.nextCursor ?? undefined
        pages += 1
      } while (cursor !== undefined)
      expect(seen).to.deep.equal(rows)
      expect(pages).to.equal(Math.ceil(rows.length / limit))
    })
  }

  it('end with an empty list', () => {
    expect(cursors.page('letters', [], 10, String)).to.deep.equal({ items: [], nextCursor: null })
  })
})

describe('walking a table', () => {
  for (const size of [1, 2, 5, 100]) {
    it(`sees each row once, ${size} at a time`, async () => {
      const asked: (string | undefined)[] = []
      const fetch = async (after: string | undefined, limit: number) => {
        asked.push(after)
        return rows.filter(row => after === undefined || row < after).slice(0, limit)
      }
      const seen: string[] = []
      for await (const row of walk(fetch, row => row, size)) seen.push(row)
      expect(seen).to.deep.equal(rows)
      expect(asked[0]).to.equal(undefined)
    })
  }
})
