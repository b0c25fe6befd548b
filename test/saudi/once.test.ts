import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** What a second home of a rule would have to hold. */
const SIGNS: Record<string, RegExp> = {
  'ten digits': /\\d\{10\}|\[0-9\]\{10\}/,
  'a VAT number': /\\d\{13\}3|\\d\{15\}/,
  'an IBAN': /validateIBAN|SA\\d\{22\}|\^SA/,
  'a mobile number': /966\|?0?\)?\??5\\d\{8\}|parsePhoneNumber/,
  'a short address': /\[A-Z\]\{4\}\\d\{4\}/,
  'a check digit': /function passesLuhn/,
  'the end of prices': /999_999_999|999999999/,
  'direction marks': /u202a-\\u202e/,
}
/**
 * Patterns of another kind: finding digits in any text, folding words, a stand-in's own rules, and ZATCA's, which judge
 * a document in their own words.
 */
const OTHERWISE = /^api\/(sandbox\/|platform\/(cards|fold)\.ts|modules\/invoices\/zatca\/rules\/)/

describe('each rule about Saudi values', () => {
  it('stands once, in api/platform/saudi', () => {
    const files = ['api', 'cli'].flatMap(folder =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter(file => file.endsWith('.ts'))
        .map(file => path.posix.join(folder, file)),
    )
    const second = files
      .filter(file => !file.startsWith('api/platform/saudi/') && !OTHERWISE.test(file))
      .flatMap(file => {
        const source = readFileSync(path.join(root, file), 'utf8')
        return Object.entries(SIGNS).flatMap(([rule, sign]) =>
          sign.test(source) ? [`${file}: ${rule}`] : [],
        )
      })
    expect(second).to.deep.equal([])
  })

  it('would be found if it stood twice', () => {
    for (const [rule, source] of [
      ['ten digits', '/^\\d{10}$/'],
      ['a VAT number', '/^3\\d{13}3$/'],
      ['a mobile number', '/^(?:\\+966|0)?5\\d{8}$/'],
      ['a short address', '/^[A-Z]{4}\\d{4}$/'],
    ] as const)
      expect(SIGNS[rule]?.test(source), rule).to.equal(true)
  })
})
