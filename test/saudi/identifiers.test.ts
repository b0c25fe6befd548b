import { expect } from 'chai'
import fc from 'fast-check'
import { holdsCardNumber, maskCards } from '../../api/platform/cards.js'
import { readCommercialRegistration } from '../../api/platform/saudi/commercial-registration.js'
import { maskedIban, printedIban, readIban } from '../../api/platform/saudi/iban.js'
import { readMobile } from '../../api/platform/saudi/mobile.js'
import { readNationalId } from '../../api/platform/saudi/national-id.js'
import { readVatNumber } from '../../api/platform/saudi/vat-number.js'
import { asTyped, digitsOf } from './writing.js'

/** Written for this test, apart from the code it judges: ISO/IEC 7812 over all ten digits. */
const luhnDigit = (nine: string): string => {
  const sum = [...nine].reduce((total, char, at) => {
    const digit = Number(char) * (at % 2 === 0 ? 2 : 1)
    return total + Math.floor(digit / 10) + (digit % 10)
  }, 0)
  return String((10 - (sum % 10)) % 10)
}
/** ISO 13616: letters are 10 to 35, the country and the check digits go to the end. */
const ibanCheck = (bban: string): string => {
  const numbers = [...`${bban}SA00`].map(char => Number.parseInt(char, 36)).join('')
  return String(98n - (BigInt(numbers) % 97n)).padStart(2, '0')
}

describe('a Saudi mobile number', () => {
  // libphonenumber's metadata: 050, 051, 053 to 059, but of 0579 only up to 05798
  const national = fc
    .tuple(fc.constantFrom('50', '51', '53', '54', '55', '56', '57', '58', '59'), digitsOf(7))
    .map(parts => parts.join(''))
    .filter(number => !/^5799/.test(number))

  it('has one form however it is written', () => {
    const written = fc
      .tuple(national, fc.constantFrom('+966', '00966', '966', '0', ''))
      .chain(([number, prefix]) => asTyped(`${prefix}${number}`).map(text => ({ text, number })))
    fc.assert(
      fc.property(written, ({ text, number }) => {
        expect(readMobile(text)).to.deep.equal({ value: `+966${number}` })
      }),
    )
  })

  for (const [text, problem] of [
    ['0521234567', 'mobile.range'],
    ['0579912345', 'mobile.range'],
    ['0412345678', 'mobile.shape'],
    ['051234567', 'mobile.shape'],
    ['05123456789', 'mobile.shape'],
    ['+971501234567', 'mobile.shape'],
    ['920001234', 'mobile.shape'],
    ['tel: 0501234567', 'mobile.shape'],
    ['0501234567 ext 5', 'mobile.shape'],
    ['', 'mobile.shape'],
  ] as const) {
    it(`is not ${text || 'nothing'}`, () => {
      expect(readMobile(text)).to.deep.equal({ problem })
    })
  }
})

describe('a national ID or Iqama', () => {
  const real = fc
    .tuple(fc.constantFrom('1', '2'), digitsOf(8))
    .map(([first, rest]) => `${first}${rest}${luhnDigit(first + rest)}`)

  it('is known by its check digit, however it is written', () => {
    fc.assert(
      fc.property(
        real.chain(id => asTyped(id).map(text => ({ id, text }))),
        ({ id, text }) => {
          const scheme = id.startsWith('1') ? 'NAT' : 'IQA'
          expect(readNationalId(text)).to.deep.equal({ value: { number: id, scheme } })
        },
      ),
    )
  })

  it('is refused with any one digit mistyped', () => {
    fc.assert(
      fc.property(real, fc.nat({ max: 9 }), fc.integer({ min: 1, max: 9 }), (id, at, by) => {
        const digit = (Number(id[at]) + by) % 10
        expect(readNationalId(`${id.slice(0, at)}${digit}${id.slice(at + 1)}`)).to.have.property('problem')
      }),
    )
  })

  for (const id of ['1058529940', '1001244019', '1101798278', '1000000008'])
    it(`is ${id}`, () => expect(readNationalId(id).value?.number).to.equal(id))
  for (const [id, problem] of [
    ['1111111111', 'national_id.check'],
    ['1000000000', 'national_id.check'],
    ['3000000006', 'national_id.first'],
    ['100000000', 'national_id.shape'],
  ] as const)
    it(`is not ${id}`, () => expect(readNationalId(id)).to.deep.equal({ problem }))
})

describe('a commercial registration', () => {
  it('is ten digits, of the register or, with 7, the unified number', () => {
    fc.assert(
      fc.property(
        digitsOf(10).chain(number => asTyped(number).map(text => ({ number, text }))),
        ({ number, text }) => {
          const scheme = number.startsWith('7') ? '700' : 'CRN'
          expect(readCommercialRegistration(text)).to.deep.equal({ value: { number, scheme } })
        },
      ),
    )
  })

  it('is nothing else', () => {
    for (const text of ['101012345', '10101234567', '101012345x', '', '١٠١'])
      expect(readCommercialRegistration(text)).to.deep.equal({ problem: 'cr.shape' })
  })
})

describe('a VAT number', () => {
  it('is fifteen digits between two threes; Luhn has no say', () => {
    fc.assert(
      fc.property(
        digitsOf(13).chain(inner => asTyped(`3${inner}3`).map(text => ({ number: `3${inner}3`, text }))),
        ({ number, text }) => {
          expect(readVatNumber(text).value).to.deep.equal({
            number,
            tin: number.slice(0, 10),
            isGroup: number[10] === '1',
          })
        },
      ),
    )
    expect(readVatNumber('399999999900003').value?.isGroup).to.equal(false)
    expect(readVatNumber('399999999910003').value?.isGroup).to.equal(true)
  })

  for (const [text, problem] of [
    ['399999999999999', 'vat.ends'],
    ['199999999900003', 'vat.ends'],
    ['39999999990003', 'vat.shape'],
  ] as const)
    it(`is not ${text}`, () => expect(readVatNumber(text)).to.deep.equal({ problem }))
})

describe('a Saudi IBAN', () => {
  const account = fc
    .array(fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'), { minLength: 18, maxLength: 18 })
    .map(chars => chars.join(''))
  const real = fc
    .tuple(fc.constantFrom('05', '10', '80', '99'), account)
    .map(([bank, rest]) => `SA${ibanCheck(bank + rest)}${bank}${rest}`)

  it('is known by its check digits, in fours, in small letters, in Arabic digits', () => {
    fc.assert(
      fc.property(
        real.chain(iban => asTyped(iban).map(text => ({ iban, text: text.toLowerCase() }))),
        ({ iban, text }) => {
          const { value } = readIban(text)
          expect(value?.number).to.equal(iban)
          expect(value?.bankCode).to.equal(iban.slice(4, 6))
          expect(readIban(printedIban(iban)).value?.number).to.equal(iban)
        },
      ),
    )
  })

  it('is refused with any one character mistyped', () => {
    fc.assert(
      fc.property(real, fc.integer({ min: 2, max: 23 }), fc.integer({ min: 1, max: 9 }), (iban, at, by) => {
        const old = iban[at] as string
        const char = /\d/.test(old) ? String((Number(old) + by) % 10) : old === 'Z' ? 'A' : 'Z'
        expect(readIban(iban.slice(0, at) + char + iban.slice(at + 1))).to.have.property('problem')
      }),
    )
  })

  it('names the bank it knows, and lets one pass that it does not', () => {
    expect(readIban('SA03 8000 0000 6080 1016 7519').value?.bank?.en).to.equal('Al Rajhi Bank')
    expect(readIban('SA4420000001234567891234').value?.bank?.ar).to.equal('بنك الرياض')
    const unknown = `SA${ibanCheck('99000000000000000001')}99000000000000000001`
    expect(readIban(unknown).value).to.deep.equal({ number: unknown, bankCode: '99', bank: null })
  })

  it('is shown in part to whoever need not see it all', () => {
    expect(maskedIban('SA0380000000608010167519')).to.equal('SA03 •••• 7519')
  })

  for (const [text, problem] of [
    ['SA0380000000608010167518', 'iban.check'],
    ['SA038000000060801016751', 'iban.shape'],
    ['SA03800000006080101675190', 'iban.shape'],
    ['DE89370400440532013000', 'iban.country'],
    ['0380000000608010167519', 'iban.shape'],
    ['', 'iban.shape'],
  ] as const)
    it(`is not ${text || 'nothing'}`, () => expect(readIban(text)).to.deep.equal({ problem }))
})

describe('a printed IBAN among other text', () => {
  it('is no card number, though its groups of four may look like one', () => {
    // its last sixteen digits pass Luhn, and begin as a card of Visa does
    const account = '00004111111111111111'
    const iban = printedIban(`SA${ibanCheck(account)}${account}`)
    expect(holdsCardNumber(iban.slice(10))).to.equal(true)
    expect(holdsCardNumber(`to ${iban}`)).to.equal(false)
    expect(maskCards(iban)).to.equal(iban)
    // check digits that are wrong make it no IBAN
    expect(holdsCardNumber(`SA${iban[2] === '0' ? '1' : '0'}${iban.slice(3)}`)).to.equal(true)
  })
})
