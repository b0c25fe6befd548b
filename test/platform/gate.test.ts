import { setImmediate as tick } from 'node:timers/promises'
import { expect } from 'chai'
import fc from 'fast-check'
import { createGate } from '../../api/platform/gate.js'

describe('a gate', () => {
  it('lets so many through at once and no more, each in its turn, failed or not', async () => {
    const works = fc.array(fc.record({ ticks: fc.integer({ min: 1, max: 3 }), fails: fc.boolean() }), {
      maxLength: 20,
    })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 4 }), works, async (width, list) => {
        const pass = createGate(width)
        const begun: number[] = []
        let running = 0
        let most = 0
        const outcomes = await Promise.allSettled(
          list.map(({ ticks, fails }, index) =>
            pass(async () => {
              begun.push(index)
              most = Math.max(most, ++running)
              for (let count = 0; count < ticks; count++) await tick()
              running -= 1
              if (fails) throw new Error('failed')
              return index
            }),
          ),
        )
        expect(begun).to.deep.equal(list.map((_, index) => index))
        expect(most).to.equal(Math.min(width, list.length))
        const kept = outcomes.map(outcome => (outcome.status === 'fulfilled' ? outcome.value : undefined))
        expect(kept).to.deep.equal(list.map(({ fails }, index) => (fails ? undefined : index)))
      }),
    )
  })
})
