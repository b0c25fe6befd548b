import { expect } from 'chai'
import fc from 'fast-check'
import { createSealer } from '../../api/platform/sealer.js'

const KEY = '0f'.repeat(32)

describe('a sealer', () => {
  const sealer = createSealer(() => KEY, 'tests')
  const bytes = fc.uint8Array({ maxLength: 200 }).map(array => Buffer.from(array))
  const opens = (sealed: Buffer, owner = 'a', by = sealer) => {
    try {
      return by.open(sealed, owner)
    } catch (error) {
      expect(error).to.include({ code: 'seal.broken', kind: 'internal' })
      return undefined
    }
  }

  it('opens what it sealed, which looks like nothing in between', () => {
    fc.assert(
      fc.property(bytes, fc.string(), (plain, owner) => {
        const sealed = sealer.seal(plain, owner)
        expect(sealer.open(sealed, owner).equals(plain)).to.equal(true)
        expect(sealed.length).to.equal(plain.length + 29)
        if (plain.length >= 4) expect(sealed.includes(plain)).to.equal(false)
        expect(sealer.seal(plain, owner).equals(sealed)).to.equal(false)
      }),
    )
  })

  it('does not open what was changed by a bit, or cut', () => {
    fc.assert(
      fc.property(bytes, fc.nat(), (plain, at) => {
        const sealed = sealer.seal(plain, 'a')
        const changed = Buffer.from(sealed)
        const bit = at % (sealed.length * 8)
        changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(opens(changed)).to.equal(undefined)
        expect(opens(sealed.subarray(0, at % sealed.length))).to.equal(undefined)
      }),
    )
  })

  it('does not open for another owner, purpose or key', () => {
    const sealed = sealer.seal(Buffer.from('seed'), 'a')
    expect(opens(sealed, 'b')).to.equal(undefined)
    expect(
      opens(
        sealed,
        'a',
        createSealer(() => KEY, 'other'),
      ),
    ).to.equal(undefined)
    expect(
      opens(
        sealed,
        'a',
        createSealer(() => 'f0'.repeat(32), 'tests'),
      ),
    ).to.equal(undefined)
  })
})
