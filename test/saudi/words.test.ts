import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { SAUDI_TEXTS } from '../../api/platform/saudi/texts.js'

const folder = new URL('../../../api/platform/saudi/', import.meta.url)

describe('what is said of a wrong value', () => {
  it('is said in both languages for every rule, and for no rule that is none', () => {
    const source = readdirSync(folder)
      .map(file => readFileSync(new URL(file, folder), 'utf8'))
      .filter(text => !text.includes('SAUDI_TEXTS: '))
      .join()
    const used = [
      ...source.matchAll(/'((?:mobile|national_id|cr|vat|iban|address|day|price|text|file)\.\w+)'/g),
    ].map(match => match[1] as string)
    expect([...new Set(used)]).to.have.members(Object.keys(SAUDI_TEXTS))
    for (const { ar, en } of Object.values(SAUDI_TEXTS)) {
      expect(ar).to.match(/\p{Script=Arabic}/u)
      expect(en).to.match(/^[a-z]/)
    }
  })
})
