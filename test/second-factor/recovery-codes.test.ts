import { expect } from 'chai'
import fc from 'fast-check'
import {
  createRecoveryHash,
  newRecoveryCode,
  readRecoveryCode,
} from '../../api/modules/second-factor/recovery-codes.js'

describe('recovery codes', () => {
  it('are 120 bits in six groups of four, without letters that look alike', () => {
    const codes = Array.from({ length: 500 }, newRecoveryCode)
    for (const code of codes) expect(code).to.match(/^([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}$/)
    expect(new Set(codes).size).to.equal(codes.length)
    // every letter of the alphabet comes up, none much oftener than the others
    const counts = new Map<string, number>()
    for (const letter of codes.join('').replaceAll('-', '')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
    expect(counts.size).to.equal(32)
    for (const count of counts.values()) expect(count).to.be.within(250, 520)
  })

  it('are read however they were typed', () => {
    fc.assert(
      fc.property(fc.constant(null).map(newRecoveryCode), fc.boolean(), (code, small) => {
        const letters = code.replaceAll('-', '')
        const forms = [code, letters, code.replaceAll('-', ' '), `  ${code}\n`]
        forms.push(letters.replaceAll('0', 'O').replaceAll('1', 'l'))
        for (const form of forms)
          expect(readRecoveryCode(small ? form.toLowerCase() : form)).to.equal(letters)
      }),
    )
  })

  it('are nothing else', () => {
    for (const text of ['', '1234-5678', `${newRecoveryCode()}0`, newRecoveryCode().slice(1), 'ü'.repeat(24)])
      expect(readRecoveryCode(text), text).to.equal(undefined)
  })

  it('are kept under a key, each for its owner', () => {
    const [one, other] = [
      createRecoveryHash(() => '11'.repeat(32)),
      createRecoveryHash(() => '22'.repeat(32)),
    ]
    expect(one('a', 'X')).to.have.length(32)
    expect(one('a', 'X').equals(one('a', 'X'))).to.equal(true)
    expect(one('a', 'X').equals(one('b', 'X'))).to.equal(false)
    expect(one('a', 'X').equals(other('a', 'X'))).to.equal(false)
  })
})
