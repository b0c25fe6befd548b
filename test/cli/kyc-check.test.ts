import { expect } from 'chai'
import { bareEnvironment, cargoparts, envelope, json } from '../support/command.js'

describe('kyc:check', () => {
  for (const [kind, value, normal, words] of [
    ['mobile', '٠٥٠ ١٢٣ ٤٥٦٧', '+966501234567', 'is a Saudi mobile number'],
    ['national-id', '1058529940', '1058529940', 'its check digit is right'],
    ['cr', '7001234567', '7001234567', 'unified national number'],
    ['vat', '399999999900003', '399999999900003', 'no check digit is published'],
    ['iban', 'sa03 8000 0000 6080 1016 7519', 'SA03 8000 0000 6080 1016 7519', 'Al Rajhi Bank'],
    ['address', 'rrrd2929', 'RRRD2929', 'is a short address'],
  ] as const) {
    it(`says why a ${kind} is right`, async () => {
      const { code, stdout, stderr } = await cargoparts(['kyc:check', kind, value])
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
      expect(stdout).to.include(normal).and.include(words)
    })
  }

  it('says what is wrong, in either language, and exits 5', async () => {
    const english = await cargoparts(['kyc:check', 'national-id', '1111111111'])
    expect(english.code).to.equal(5)
    expect(english.stderr).to.include('1111111111 has a wrong check digit')
    const arabic = await cargoparts(['kyc', 'check', 'iban', 'SA0380000000608010167518', '--language', 'ar'])
    expect(arabic.code).to.equal(5)
    expect(arabic.stderr).to.include('رقما التحقق')
  })

  it('answers scripts', async () => {
    const right = await cargoparts(['kyc:check', 'vat', '399999999910003', '--json'])
    expect(json(right)).to.include({ kind: 'vat', isValid: true, value: '399999999910003' })
    const wrong = await cargoparts(['kyc:check', 'vat', '399999999999999', '--json'])
    expect(wrong.code).to.equal(5)
    expect(envelope(wrong)).to.deep.include({ kind: 'invalid', code: 'kyc.not_valid' })
    expect(envelope(wrong).details).to.include({ checked: 'vat', problem: 'vat.ends' })
    expect((await cargoparts(['kyc:check', 'passport', 'x'])).code).to.equal(2)
  })

  it('needs nothing that runs', async () => {
    const { code } = await cargoparts(['kyc:check', 'cr', '1010123456'], bareEnvironment())
    expect(code).to.equal(0)
  })
})
