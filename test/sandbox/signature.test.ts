import { expect } from 'chai'
import { hashstring, signedText } from '../../api/sandbox/tap/signature.js'
import type { TapObject } from '../../api/sandbox/tap/types.js'
import { SECRET } from './tap-shop.js'

type Signed = [
  name: string,
  fields: { object: TapObject['object']; id: string; amount: number; currency: string; status: string },
  reference: { gateway?: string; payment: string },
  created: string,
  hash: string,
]

const vectors: Signed[] = [
  [
    'a charge in riyals',
    {
      object: 'charge',
      id: 'chg_TS05A4120230736x9K22710693',
      amount: 1.0,
      currency: 'SAR',
      status: 'CAPTURED',
    },
    { gateway: 'mada_pg70983e7a-a686-40ba-83e2-c5e9f4074fe5', payment: '4327230736106619650' },
    '1698392202943',
    'a13668e94bd6d43ec0983d862deac7aee4d3603d4428cce648b521aba8c2b37e',
  ],
  [
    'an authorisation',
    {
      object: 'authorize',
      id: 'auth_TS04A1720230745Rt2a2710607',
      amount: 100,
      currency: 'SAR',
      status: 'AUTHORIZED',
    },
    { gateway: '123456789', payment: '2027230745109668360' },
    '1698392719404',
    '82cf3a04289fad62dd087fc3f79dbf2f30ab201e37534c9499600d8ea46bfc62',
  ],
  [
    'three decimals in dinars',
    {
      object: 'charge',
      id: 'chg_TS02A0000000000000000001',
      amount: 1.5,
      currency: 'KWD',
      status: 'CAPTURED',
    },
    { gateway: 'gw_1', payment: 'pay_1' },
    '1700000000000',
    'e4ab324fb4a5e077c3340e19ccd61b34ab739023e5ec68e98be33ab701cefc67',
  ],
  [
    'a refund, whose time is at the top',
    { object: 'refund', id: 're_TS01A0000000000000000001', amount: 3, currency: 'SAR', status: 'REFUNDED' },
    { gateway: 'gw_2', payment: 'pay_2' },
    '1723481040882',
    'c3d7fae0685a82a13806767e32a3a2bee9e04d7494b7f213a48bce5b9afd64e9',
  ],
  [
    'a declined charge, which has no gateway reference',
    {
      object: 'charge',
      id: 'chg_TS02A0000000000000000002',
      amount: 257.5,
      currency: 'SAR',
      status: 'DECLINED',
    },
    { payment: 'pay_3' },
    '1700000000001',
    'a3cd5548af46f2b9cde229f32e44e3078eae5bd4fa13df055ac0bd2770f76865',
  ],
]

describe('sandbox: signature of Tap', () => {
  for (const [name, fields, reference, created, hash] of vectors) {
    it(`signs ${name}`, () => {
      // Only what is signed matters here.
      const object = { ...fields, reference, created, transaction: { created } } as unknown as TapObject
      expect(hashstring(object, SECRET)).to.equal(hash)
    })
  }

  it('signs these fields, in this order', () => {
    const object = {
      object: 'charge',
      id: 'chg_1',
      amount: 1,
      currency: 'SAR',
      status: 'CAPTURED',
      reference: { gateway: 'g', payment: 'p' },
      transaction: { created: '7' },
    } as unknown as TapObject
    expect(signedText(object)).to.equal(
      'x_idchg_1x_amount1.00x_currencySARx_gateway_referencegx_payment_referencepx_statusCAPTUREDx_created7',
    )
  })
})
