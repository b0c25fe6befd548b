import { expect } from 'chai'
import { createTogether } from '../../api/platform/together.js'

describe('asking together', () => {
  function anAsker(most = 100) {
    const asked: number[][] = []
    const ask = createTogether<number, number>(
      async items => {
        asked.push(items)
        if (items.includes(-1)) throw new Error('cannot')
        return items.map(item => item * 2)
      },
      { most },
    )
    return { ask, asked }
  }

  it('is one question for all of one moment, and to each their answer', async () => {
    const { ask, asked } = anAsker()
    expect(await Promise.all([1, 2, 3].map(ask))).to.deep.equal([2, 4, 6])
    expect(asked).to.deep.equal([[1, 2, 3]])
  })

  it('is another question for who comes later: nobody gets an answer from before they came', async () => {
    const { ask, asked } = anAsker()
    await Promise.all([ask(1), ask(2)])
    await ask(1)
    const during = ask(5)
    await new Promise(setImmediate)
    await Promise.all([during, ask(6)])
    expect(asked).to.deep.equal([[1, 2], [1], [5], [6]])
  })

  it('is several questions where there are too many for one', async () => {
    const { ask, asked } = anAsker(3)
    expect(await Promise.all([1, 2, 3, 4, 5, 6, 7].map(ask))).to.deep.equal([2, 4, 6, 8, 10, 12, 14])
    expect(asked.map(items => items.length)).to.deep.equal([3, 3, 1])
  })

  it('fails for all who asked, and for nobody after', async () => {
    const { ask } = anAsker()
    const outcomes = await Promise.allSettled([ask(1), ask(-1)])
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected'])
    expect(await ask(4)).to.equal(8)
  })
})
