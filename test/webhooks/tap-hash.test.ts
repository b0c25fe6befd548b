import { expect } from 'chai'
import fc from 'fast-check'
import { createTap } from '../../api/modules/payments/gateways/tap.js'
import {
  amountText,
  hashstring,
  isGenuine,
  signedText,
} from '../../api/modules/payments/gateways/tap-hash.js'

const KEY = 'tap_test_secret_key_0001'
const SIGNED: [what: string, object: Record<string, unknown>, text: string, hash: string][] = [
  [
    'a charge in riyals',
    {
      id: 'chg_TS05A4120230736x9K22710693',
      object: 'charge',
      amount: 1.0,
      currency: 'SAR',
      status: 'CAPTURED',
      reference: {
        gateway: 'mada_pg70983e7a-a686-40ba-83e2-c5e9f4074fe5',
        payment: '4327230736106619650',
      },
      transaction: { created: '1698392202943' },
    },
    'x_idchg_TS05A4120230736x9K22710693x_amount1.00x_currencySARx_gateway_referencemada_pg70983e7a-a686-40ba-83e2-c5e9f4074fe5x_payment_reference4327230736106619650x_statusCAPTUREDx_created1698392202943',
    'a13668e94bd6d43ec0983d862deac7aee4d3603d4428cce648b521aba8c2b37e',
  ],
  [
    'an authorisation',
    {
      id: 'auth_TS04A1720230745Rt2a2710607',
      object: 'authorize',
      amount: 100,
      currency: 'SAR',
      status: 'AUTHORIZED',
      reference: { gateway: '123456789', payment: '2027230745109668360' },
      transaction: { created: '1698392719404' },
    },
    'x_idauth_TS04A1720230745Rt2a2710607x_amount100.00x_currencySARx_gateway_reference123456789x_payment_reference2027230745109668360x_statusAUTHORIZEDx_created1698392719404',
    '82cf3a04289fad62dd087fc3f79dbf2f30ab201e37534c9499600d8ea46bfc62',
  ],
  [
    'a charge in dinars, with three decimals',
    {
      id: 'chg_TS02A0000000000000000001',
      object: 'charge',
      amount: 1.5,
      currency: 'KWD',
      status: 'CAPTURED',
      reference: { gateway: 'gw_1', payment: 'pay_1' },
      transaction: { created: '1700000000000' },
    },
    'x_idchg_TS02A0000000000000000001x_amount1.500x_currencyKWDx_gateway_referencegw_1x_payment_referencepay_1x_statusCAPTUREDx_created1700000000000',
    'e4ab324fb4a5e077c3340e19ccd61b34ab739023e5ec68e98be33ab701cefc67',
  ],
  [
    'a refund, whose time stands at its top',
    {
      id: 're_TS01A0000000000000000001',
      object: 'refund',
      amount: 3,
      currency: 'SAR',
      status: 'REFUNDED',
      reference: { gateway: 'gw_2', payment: 'pay_2' },
      created: '1723481040882',
    },
    'x_idre_TS01A0000000000000000001x_amount3.00x_currencySARx_gateway_referencegw_2x_payment_referencepay_2x_statusREFUNDEDx_created1723481040882',
    'c3d7fae0685a82a13806767e32a3a2bee9e04d7494b7f213a48bce5b9afd64e9',
  ],
  [
    'a declined charge without a gateway reference',
    {
      id: 'chg_TS02A0000000000000000002',
      object: 'charge',
      amount: 257.5,
      currency: 'SAR',
      status: 'DECLINED',
      reference: { payment: 'pay_3' },
      transaction: { created: '1700000000001' },
    },
    'x_idchg_TS02A0000000000000000002x_amount257.50x_currencySARx_gateway_referencex_payment_referencepay_3x_statusDECLINEDx_created1700000000001',
    'a3cd5548af46f2b9cde229f32e44e3078eae5bd4fa13df055ac0bd2770f76865',
  ],
  [
    'an invoice, which says when it was changed',
    {
      id: 'inv_TS01A0000000000000000001',
      object: 'invoice',
      amount: 12,
      currency: 'SAR',
      status: 'PAID',
      updated: '1700000000500',
      created: '1700000000000',
    },
    'x_idinv_TS01A0000000000000000001x_amount12.00x_currencySARx_updated1700000000500x_statusPAIDx_created1700000000000',
    '67627fc3c7642a62aaa96c16b718d62d5737895dad4070606bc827b57a6b7dcd',
  ],
]

describe("Tap's signature", () => {
  for (const [what, object, text, hash] of SIGNED) {
    it(`is taken over ${what}`, () => {
      expect(signedText(object)).to.equal(text)
      expect(hashstring(text, KEY)).to.equal(hash)
      expect(isGenuine(object, hash, [KEY])).to.equal(true)
      expect(isGenuine(object, hash, [`${KEY}x`])).to.equal(false)
    })
  }

  it('covers every field it names', () => {
    for (const [, object, , hash] of SIGNED)
      for (const change of [
        { id: 'chg_other' },
        { amount: 1.01 },
        { currency: 'USD' },
        { status: 'VOID' },
        ...(object.object === 'invoice'
          ? [{ updated: '1' }]
          : [{ reference: { gateway: 'gw_1', payment: 'other' } }]),
        { transaction: { created: '1' }, created: '1' },
      ])
        expect(isGenuine({ ...object, ...change }, hash, [KEY]), JSON.stringify(change)).to.equal(false)
  })

  it('is wrong in any other length, alphabet or case, and never throws over it', () => {
    const [, object, , hash] = SIGNED[0] as (typeof SIGNED)[number]
    const wrong = [
      '',
      'a',
      hash.slice(1),
      `${hash}0`,
      'é'.repeat(64),
      'é'.repeat(32),
      hash.toUpperCase(),
      ` ${hash}`,
      `${hash}\n`,
      `0${hash.slice(1)}`,
    ]
    for (const header of wrong) expect(isGenuine(object, header, [KEY]), header).to.equal(false)
    fc.assert(fc.property(fc.string({ unit: 'binary' }), header => !isGenuine(object, header, [KEY])))
  })

  it('proves nothing without a key', () => {
    const [, object, text] = SIGNED[0] as (typeof SIGNED)[number]
    for (const keys of [[''], [], [KEY, '']])
      expect(isGenuine(object, hashstring(text, ''), keys)).to.equal(false)
  })

  it('is good under the key before this one, while keys change', () => {
    const [, object, , hash] = SIGNED[0] as (typeof SIGNED)[number]
    expect(isGenuine(object, hash, ['sk_test_next', KEY])).to.equal(true)
    expect(isGenuine(object, hash, ['sk_test_next', 'sk_test_another'])).to.equal(false)
    const exchange = () => Promise.reject(new Error('nothing is asked'))
    const [baseUrl, secretKey] = ['http://127.0.0.1:1', 'sk_test_next']
    const raw = Buffer.from(JSON.stringify(object))
    const verdict = (previousKey?: string) => {
      const tap = createTap({ baseUrl, secretKey, previousKey, exchange })
      const failed = tap.explainWebhook(raw, () => hash).filter(({ passed }) => !passed)
      return [tap.verifyWebhook(raw, () => hash)?.objectId, failed.length]
    }
    expect(verdict(KEY)).to.deep.equal([object.id, 0])
    expect(verdict()).to.deep.equal([undefined, 1])
  })

  it('of an invoice is taken, and nothing of ours follows', () => {
    const [, object, , hash] = SIGNED.at(-1) as (typeof SIGNED)[number]
    const tap = createTap({ baseUrl: 'http://127.0.0.1:1', secretKey: KEY, exchange: () => Promise.reject() })
    const event = tap.verifyWebhook(Buffer.from(JSON.stringify(object)), () => hash)
    expect(event).to.include({ object: 'other', claimedStatus: 'PAID', objectId: object.id })
    expect(event?.payload.object).to.equal('other')
  })

  it('is never found under what a stranger makes up, and nothing is thrown', () => {
    const tap = createTap({
      baseUrl: 'http://127.0.0.1:1',
      secretKey: KEY,
      exchange: () => Promise.reject(new Error('nothing is asked')),
    })
    const header = () => 'a'.repeat(64)
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(
        fc.constantFrom(
          'id',
          'amount',
          'currency',
          'status',
          'created',
          'reference',
          'transaction',
          'object',
        ),
        fc.oneof(
          fc.constantFrom('chg_1', 're_1', 'SAR', 'constructor', '__proto__', 115, '1.00', null),
          fc.jsonValue(),
          fc.constantFrom({ toString: 1 }, { toString: null, valueOf: null }, { gateway: { toString: 1 } }),
        ),
      ),
    )
    fc.assert(
      fc.property(anything, value => {
        expect(tap.verifyWebhook(Buffer.from(JSON.stringify(value)), header)).to.equal(undefined)
      }),
      { numRuns: 1_000 },
    )
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(tap.verifyWebhook(Buffer.from(bytes), header)).to.equal(undefined)
      }),
    )
  })

  const amounts: [unknown, unknown, string | undefined][] = [
    [1, 'SAR', '1.00'],
    [0.1, 'SAR', '0.10'],
    ['19.99', 'SAR', '19.99'],
    [1.5, 'KWD', '1.500'],
    [1.005, 'SAR', undefined],
    [-1, 'SAR', undefined],
    [1e21, 'SAR', undefined],
    [Number.NaN, 'SAR', undefined],
    [1, 'XXX', undefined],
    [1, 'constructor', undefined],
    [1, undefined, undefined],
    [{ toString: 1 }, 'SAR', undefined],
    [['1'], 'SAR', undefined],
  ]
  for (const [amount, currency, text] of amounts)
    it(`writes ${JSON.stringify(amount)} ${currency} as ${text}`, () => {
      expect(amountText(amount, currency)).to.equal(text)
    })
})
