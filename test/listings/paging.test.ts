import { expect } from 'chai'
import { useContext } from '../support/context.js'

const ROWS = 23

describe('pages of listings', () => {
  const t = useContext()
  /** Newest first, as they are to come. */
  const expected: string[] = []

  before(async () => {
    for (let i = 0; i < ROWS; i++) expected.unshift((await t.accounts.listing()).id)
  })

  const page = (query: string) => t.get(`/api/v1/listings?${query}`)
  const pages = async (limit: number, filter = ''): Promise<string[][]> => {
    const seen: string[][] = []
    let cursor = ''
    do {
      const { status, body, text } = await page(`limit=${limit}${filter}${cursor && `&cursor=${cursor}`}`)
      expect(status, text).to.equal(200)
      seen.push(body.items.map((item: { id: string }) => item.id))
      cursor = body.nextCursor ?? ''
    } while (cursor !== '' && seen.length <= ROWS)
    return seen
  }

  for (let limit = 1; limit <= 7; limit++) {
    it(`of ${limit} hold every row once, in order`, async () => {
      const seen = await pages(limit)
      expect(seen.flat()).to.deep.equal(expected)
      expect(seen).to.have.length(Math.ceil(ROWS / limit))
      for (const full of seen.slice(0, -1)) expect(full).to.have.length(limit)
    })
  }

  it('end where they end exactly', async () => {
    expect(await pages(ROWS)).to.have.length(1)
    expect(await pages(100)).to.have.length(1)
  })

  it('hold twenty where nobody says how many', async () => {
    const { body } = await page('')
    expect(body.items).to.have.length(20)
  })

  it('skip and repeat nothing while rows come and go', async () => {
    const first = await page('limit=5')
    const late = await t.accounts.listing()
    await t.owner('listings').where({ id: expected[7] }).update({ status: 'PAUSED' })
    const second = await page(`limit=5&cursor=${first.body.nextCursor}`)
    const ids = second.body.items.map((item: { id: string }) => item.id)
    await t.owner('listings').where({ id: late.id }).update({ status: 'PAUSED' })
    await t.owner('listings').where({ id: expected[7] }).update({ status: 'ACTIVE' })
    expect(ids).to.deep.equal([5, 6, 8, 9, 10].map(index => expected[index]))
  })

  describe('refuse a cursor', () => {
    let cursor: string
    before(async () => {
      cursor = (await page('limit=5')).body.nextCursor
    })

    const refused = async (altered: string, path = '/api/v1/listings?limit=5') => {
      const answer = await t.get(`${path}&cursor=${encodeURIComponent(altered)}`, { as: 'seller' })
      expect(answer.status, answer.text).to.equal(400)
      expect(answer.body.code).to.equal('request.bad_cursor')
      expect(answer.body.errors[0].pointer).to.equal('?cursor')
    }

    it('with any letter changed', async () => {
      for (let i = 0; i < cursor.length; i += 5) {
        const other = cursor[i] === 'A' ? 'B' : 'A'
        await refused(`${cursor.slice(0, i)}${other}${cursor.slice(i + 1)}`)
      }
    })

    it('that is cut or grown', async () => {
      for (const altered of [
        cursor.slice(0, -1),
        cursor.slice(1),
        cursor.slice(0, 16),
        `${cursor}A`,
        `${cursor}=`,
      ])
        await refused(altered)
    })

    it('that never was one', async () => {
      for (const altered of ['x', '0', 'null', 'AAAAAAAAAAAAAAAAAAAAAAAA', expected[0] as string, '../..'])
        await refused(altered)
    })

    it('of another list or another search', async () => {
      await refused(cursor, '/api/v1/listings?q=brake')
      await refused(cursor, '/api/v1/listings/mine?limit=5')
      await refused(cursor, '/api/v1/listings?inStock=true')
      const mine = await t.get('/api/v1/listings/mine?limit=5', { as: 'seller' })
      await refused(mine.body.nextCursor)
    })
  })

  for (const query of [
    'limit=0',
    'limit=101',
    'limit=-1',
    'limit=abc',
    'limit=1.5',
    'limit=',
    'limit=1&limit=2',
    'cursor=',
  ]) {
    it(`refuse ${query}`, async () => {
      const answer = await page(query)
      expect(answer.status).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal(`?${query.split('=')[0]}`)
    })
  }

  it('take 1 and 100', async () => {
    expect((await page('limit=1')).status).to.equal(200)
    expect((await page('limit=100')).status).to.equal(200)
  })
})
