import { expect } from 'chai'
import fc from 'fast-check'
import { codeAt, newSeed, seedText, stepOf, uriOf } from '../../api/modules/second-factor/totp.js'

/** RFC 6238, appendix B: the seed is the ASCII text below; its eight digits end in our six. */
const SEED = Buffer.from('12345678901234567890')
const VECTORS = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const
const at = (seconds: number) => new Date(seconds * 1000)

describe('codes of an authenticator', () => {
  for (const [seconds, code] of VECTORS)
    it(`are those of RFC 6238 at ${seconds} s`, () => {
      expect(codeAt(seedText(SEED), at(seconds))).to.equal(code)
      expect(stepOf(SEED, code, at(seconds), 0)).to.equal(Math.floor(seconds / 30))
    })

  it('are taken within the window and not beside it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_700_000_000, max: 2_000_000_000 }),
        fc.integer({ min: -4, max: 4 }),
        fc.integer({ min: 0, max: 2 }),
        (now, steps, window) => {
          const code = codeAt(seedText(SEED), at(now + steps * 30))
          const step = stepOf(SEED, code, at(now), window)
          if (Math.abs(steps) <= window) expect(step).to.equal(Math.floor(now / 30) + steps)
          // another step of the window may have the same six digits, once in a million
          else if (step !== null) expect(codeAt(seedText(SEED), at(step * 30))).to.equal(code)
        },
      ),
    )
  })

  it('are of seeds of 160 bits, no two alike', () => {
    const seeds = Array.from({ length: 50 }, newSeed)
    for (const seed of seeds) expect(seed).to.have.length(20)
    expect(new Set(seeds.map(seedText)).size).to.equal(50)
  })

  it('are enrolled by a URI that names the issuer and the account', () => {
    const uri = new URL(uriOf(SEED, 'sara+parts@example.sa'))
    expect(uri.protocol + uri.host).to.equal('otpauth:totp')
    expect(decodeURIComponent(uri.pathname)).to.equal('/CargoParts:sara+parts@example.sa')
    expect(Object.fromEntries(uri.searchParams)).to.deep.equal({
      issuer: 'CargoParts',
      secret: seedText(SEED),
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
  })

  it('are not worked out of what is no secret', () => {
    for (const text of ['', 'abc', '0189', 'A'.repeat(200), 'AAAAAAAAAAAAAAA1'])
      expect(() => codeAt(text, new Date()))
        .to.throw()
        .with.property('code', 'second_factor.bad_secret')
  })
})
