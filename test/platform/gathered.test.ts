import { expect } from 'chai'
import fc from 'fast-check'
import { createGathered } from '../../api/platform/gathered.js'

describe('writes that are gathered', () => {
  it('come back to whoever asked, each with its own, whatever fails beside it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ value: fc.integer(), isBad: fc.boolean() }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 10 }),
        async (items, most) => {
          const write = createGathered(
            async (group: readonly (typeof items)[number][]) => {
              if (group.length > most) throw new Error('too many')
              await new Promise(setImmediate)
              if (group.some(({ isBad }) => isBad)) throw new Error('refused')
              return group.map(({ value }) => value)
            },
            { most, lanes: 2 },
          )
          const outcomes = await Promise.allSettled(items.map(write))
          for (const [at, { value, isBad }] of items.entries()) {
            const outcome = outcomes[at]
            if (isBad) expect(outcome?.status).to.equal('rejected')
            else expect(outcome).to.deep.equal({ status: 'fulfilled', value })
          }
        },
      ),
    )
  })

  it('go together while one is under way, and at once where none is', async () => {
    const sizes: number[] = []
    const open: (() => void)[] = []
    const write = createGathered(
      async (group: readonly number[]) => {
        sizes.push(group.length)
        await new Promise<void>(resolve => open.push(resolve))
        return group
      },
      { most: 50, lanes: 1 },
    )
    const turn = () => new Promise(setImmediate)
    const first = write(1)
    await turn()
    await turn()
    const rest = [2, 3, 4].map(write)
    await turn()
    expect(sizes).to.deep.equal([1])
    open.shift()?.()
    await first
    await turn()
    expect(sizes).to.deep.equal([1, 3])
    open.shift()?.()
    expect(await Promise.all(rest)).to.deep.equal([2, 3, 4])
  })
})
