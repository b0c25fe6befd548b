import { expect } from 'chai'
import { loadByIds } from '../../api/platform/batch.js'

describe('loading by ids', () => {
  const known = ['a', 'b', 'c'].map(id => ({ id }))

  it('asks for each id once and maps what is there', async () => {
    const asked: string[][] = []
    const found = await loadByIds(['c', 'a', 'c', 'missing'], async ids => {
      asked.push(ids)
      return known.filter(row => ids.includes(row.id))
    })
    expect(asked).to.deep.equal([['c', 'a', 'missing']])
    expect([...found.keys()].sort()).to.deep.equal(['a', 'c'])
  })

  it('asks nothing for no ids', async () => {
    const found = await loadByIds([], () => {
      throw new Error('asked')
    })
    expect(found.size).to.equal(0)
  })

  it('is bounded', async () => {
    const ids = Array.from({ length: 1_001 }, (_, index) => String(index))
    const error = await loadByIds(ids, async () => []).catch((thrown: unknown) => thrown)
    expect(error).to.be.an('error').with.property('kind', 'internal')
  })
})
