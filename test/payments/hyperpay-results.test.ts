import { expect } from 'chai'
import fc from 'fast-check'
import { isFinal, readAttempts, readOperation } from '../../api/modules/payments/gateways/hyperpay-objects.js'
import { classOf, type ResultClass } from '../../api/modules/payments/gateways/hyperpay-results.js'

/** Codes of the platform's list, and what they say of the operation. */
const CLASSES: Record<ResultClass, string[]> = {
  succeeded: [
    '000.000.000',
    '000.100.110',
    '000.100.112',
    '000.300.000',
    '000.600.000',
    '000.400.110',
    '000.400.120',
  ],
  succeeded_for_review: ['000.400.000', '000.400.010', '000.400.020', '000.400.100'],
  unknown: ['000.400.030', '900.100.300'],
  pending: ['000.200.000', '000.200.100'],
  pending_for_days: ['800.400.500', '100.400.500'],
  chargeback: ['000.100.220'],
  throttled: ['800.120.100'],
  declined: ['800.100.151', '800.100.153', '800.100.155', '800.700.100', '800.800.202'],
  risk: ['000.400.101', '000.400.200', '100.400.300', '800.110.100', '100.380.401', '100.370.100'],
  cancelled: ['100.396.101'],
  our_mistake: ['600.200.500', '200.300.404', '700.400.580', '800.900.300'],
  platform_error: ['999.999.999', '600.100.100', '800.800.400'],
  unheard_of: ['300.100.100'],
}

const operation = (over: Record<string, unknown> = {}) =>
  readOperation({
    id: '8ac7a4a00001',
    paymentType: 'DB',
    amount: '92.00',
    currency: 'SAR',
    merchantTransactionId: 'ours-0001',
    result: { code: '000.100.110', description: 'done' },
    ...over,
  })
const code = (value: string) => ({ result: { code: value } })
const read = (...operations: ReturnType<typeof operation>[]) => readAttempts('checkout', operations, false)

describe("HyperPay's result codes", () => {
  for (const [expected, codes] of Object.entries(CLASSES))
    for (const each of codes)
      it(`${each} is ${expected}`, () => {
        expect(classOf(each)).to.equal(expected)
      })

  it('that are no codes say nothing', () => {
    for (const odd of ['', '000.000', '000.000.000 ', 'x000.000.000', '000.000.0000', '000-100-110'])
      expect(classOf(odd), odd).to.equal('unheard_of')
    fc.assert(
      fc.property(fc.string(), text => /^\d{3}\.\d{3}\.\d{3}$/.test(text) || classOf(text) === 'unheard_of'),
    )
  })

  it('of success mean money only where the operation moves it', () => {
    const types = {
      DB: 'CAPTURED',
      CP: 'CAPTURED',
      PA: 'AUTHORIZED',
      RV: 'VOIDED',
      RF: 'INITIATED',
      CD: 'INITIATED',
    }
    for (const [paymentType, status] of Object.entries(types))
      expect(read(operation({ paymentType })).status, paymentType).to.equal(status)
    expect(read(operation({ paymentType: undefined })).status).to.equal('INITIATED')
  })

  it('are neither paid nor failed where they are not understood', () => {
    for (const odd of ['300.100.100', '900.100.300', '999.999.999', '000.400.030', '000.100.220', ''])
      expect(read(operation(code(odd))).status, odd).to.equal('UNKNOWN')
  })

  it('of several attempts under one reference: the one that was accepted counts', () => {
    const declined = operation({ id: 'first', ...code('800.100.155') })
    const accepted = operation({ id: 'second' })
    for (const all of [
      [declined, accepted],
      [accepted, declined],
    ])
      expect(read(...all)).to.include({ status: 'CAPTURED', captureId: 'second' })
    expect(read(declined)).to.include({ status: 'FAILED', failureCode: '800.100.155' })
    const waiting = operation({ id: 'third', ...code('000.200.000') })
    expect(read(declined, waiting).status).to.equal('PENDING')
    expect(read(declined, operation(code('900.100.300'))).status).to.equal('UNKNOWN')
    const reserved = operation({ paymentType: 'PA' })
    expect(read(operation({ paymentType: 'CP', ...code('800.100.155') }), reserved).status).to.equal(
      'AUTHORIZED',
    )
    expect(read(operation({ paymentType: 'CP', id: 'taken' }), reserved)).to.include({
      status: 'CAPTURED',
      captureId: 'taken',
    })
    expect(read(operation({ paymentType: 'RV' }), reserved).status).to.equal('VOIDED')
  })

  it('of a test system are no money in a live one', () => {
    expect(readAttempts('checkout', [operation()], true).isLive).to.equal(false)
    expect(readAttempts('checkout', [operation(code('000.000.000'))], true).isLive).to.equal(true)
    expect(readAttempts('checkout', [operation()], false).isLive).to.equal(false)
  })

  it('that ask for a look are marked as such', () => {
    expect(read(operation(code('000.400.000')))).to.include({ status: 'CAPTURED', needsReview: true })
  })

  it('end a payment or leave it open', () => {
    for (const end of ['DB 000.100.110', 'DB 800.100.155', 'PA 000.000.000', 'DB 000.400.000'])
      expect(isFinal(end), end).to.equal(true)
    for (const open of ['DB 000.200.000', 'DB 900.100.300', 'DB 300.100.100', 'DB', '', 'DB 800.120.100'])
      expect(isFinal(open), open).to.equal(false)
  })

  it('throw over nothing a provider may answer', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        const told = readAttempts('checkout', [readOperation(one), readOperation(other)], true)
        expect(told.status).to.not.equal('CAPTURED')
      }),
    )
  })
})
