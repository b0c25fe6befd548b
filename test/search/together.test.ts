import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { aShelf } from '../support/searching.js'

const named = (titleEn: string, partNumber: string) => ({ titleAr: 'قطعة', titleEn, partNumber })

describe('what many ask for in the same moment', () => {
  const t = useContext()
  const { found } = aShelf(t, {
    one: named('One', '11111-22222'),
    two: { ...named('Two', '11111-22222'), stock: 0 },
    three: {
      ...named('Three', '99999-00000'),
      crossReferences: [{ kind: 'OEM' as const, number: '11111-22222' }],
    },
    other: named('Other', '33333-44444'),
  })
  const ids = async (path: string): Promise<string[]> =>
    (await t.get(path)).body.items.map(({ id }: { id: string }) => id)

  it('is answered to each as to one alone: numbers', async () => {
    const asked = ['11111-22222', '3333344444', '11111 22222', '77777-77777', '٣٣٣٣٣٤٤٤٤٤', "1111'1-2222:*2"]
    const alone = []
    for (const q of asked) alone.push(await found(q))
    expect(alone[0]).to.deep.equal(['three', 'one', 'two'])
    expect(await Promise.all(asked.map(q => found(q)))).to.deep.equal(alone)
  })

  it('is answered to each as to one alone: listings, and some that are not there', async () => {
    const all = await ids('/api/v1/listings')
    const asked = [...all, '00000000-0000-7000-8000-000000000000', ...all.map(id => id.toUpperCase())]
    const answers = await Promise.all(asked.map(id => t.get(`/api/v1/listings/${id}`)))
    expect(answers.map(({ status, body }) => (status === 200 ? body.id : status))).to.deep.equal([
      ...all,
      404,
      ...all,
    ])
  })

  it('is answered to each as to one alone: the newest, in pages of their own', async () => {
    const limits = [1, 4, 2, 1, 3]
    const pages = await Promise.all(limits.map(limit => ids(`/api/v1/listings?limit=${limit}`)))
    expect(pages.map(page => page.length)).to.deep.equal(limits)
    for (const page of pages) expect(page).to.deep.equal(pages[1]?.slice(0, page.length))
  })

  it('goes on from a page of a number as the ranking goes', async () => {
    const path = '/api/v1/listings?q=1111122222'
    const whole = await ids(path)
    const pages: string[] = []
    for (let cursor = ''; ; ) {
      const { body } = await t.get(`${path}&limit=1${cursor}`)
      pages.push(...body.items.map(({ id }: { id: string }) => id))
      if (body.nextCursor === null) break
      cursor = `&cursor=${body.nextCursor}`
    }
    expect(pages).to.deep.equal(whole)
  })

  it('leaves out what a suspended seller has', async () => {
    await t.owner('sellers').update({ status: 'SUSPENDED' })
    expect(await found('11111-22222')).to.be.empty
    await t.owner('sellers').update({ status: 'APPROVED' })
  })
})
