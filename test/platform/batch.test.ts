import { expect } from 'chai'
import { loadByIds } from '../../api/platform/batch.js'

describe('loading by ids', () => {
  const rows = new Map(['a', 'b', 'c'].map(id => [id, { id, name: `row ${id}` }]))
  const asked: string[][] = []
  const fetch = async (ids: string[]) => {
    asked.push(ids)
    return ids.flatMap(id => rows.get(id) ?? [])
  }
  beforeEach(() => asked.splice(0))

  it('asks once, for each id once, and answers with a map', async () => {
    const found = await loadByIds(['b', 'a', 'b', 'missing', 'a'], fetch)
    expect(asked).to.deep.equal([['b', 'a', 'missing']])
    expect([...found.keys()]).to.have.members(['a', 'b'])
    expect(found.get('a')).to.equal(rows.get('a'))
    expect(found.has('missing')).to.equal(false)
  })

  it('does not ask for nothing', async () => {
    expect(await loadByIds([], fetch)).to.have.length(0)
    expect(asked).to.be.empty
  })

  it('is bounded', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => String(i))
    expect(await loadByIds(many(1000), fetch)).to.have.length(0)
    await loadByIds(many(1001), fetch).then(
      () => expect.fail('it was loaded'),
      error => expect(error.message).to.include('1001'),
    )
    expect(asked).to.have.length(1)
  })
})
