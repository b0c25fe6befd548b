import { createCipheriv } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { decrypt, readEvent } from '../../api/modules/payments/gateways/hyperpay-webhook.js'
import { useContext } from '../support/context.js'
import { aCharge, deliver } from '../support/tap-delivery.js'

const KEY = '0123456789abcdef'.repeat(4)

/** What the platform publishes for those who write a receiver. */
const PUBLISHED = {
  key: '000102030405060708090a0b0c0d0e0f'.repeat(2),
  iv: '3D575574536D450F71AC76D8',
  tag: '19FDD068C6F383C173D3A906F7BD1D83',
  body: 'F8E2F759E528CB69375E51DB2AF9B53734E393',
  plain: { type: 'PAYMENT' },
}

/** Deliveries sealed elsewhere, under one key: what opens only for its own maker proves nothing. */
const ELSEWHERE = {
  key: '00112233445566778899aabbccddeeff'.repeat(2),
  deliveries: [
    {
      what: 'a payment that succeeded',
      iv: '000000000000000000000001',
      tag: '94790D1DB65115D1590B8479DD300F28',
      body: 'AE87E6ABAA62BC8560C81920091A22DF212E57D6204C89243FB47052221B8E460447CD4D4594AF263F57A46293D43968996161A6C06A379290E280639D65F45D4A20959063B3C10EB2956F36233182EA6AEF1C21CE62BC50FC53D5CE6DE5E56DB920E59BFF6C7DEBC6B21BBEB302DC1F850DB237F9AE737C8AEF9C5F2A9123E7D766B6B0FF2E714A85152BCAEB2C4553B829EA8615B0CB5B0A4028394B75F74961A4A80824E2DBE95E1276C5E2F937C61662EB397D9CEB6B70574A5FA91F157CC5EA26CF09146A401A34EAF7F7A30246CF7595E6A5C85B427879D616DB4AA676D46471EB990480D52DB6811CA28723F690DC767E9C9BE29DE293509104C0F879E15DE7',
      plain: {
        type: 'PAYMENT',
        payload: {
          id: '8ac7a4a0000000000000000000000001',
          paymentType: 'DB',
          paymentBrand: 'MADA',
          amount: '92.00',
          currency: 'SAR',
          merchantTransactionId: 'ord_0001',
          result: { code: '000.100.110', description: 'Request successfully processed' },
        },
      },
      event: { object: 'payment', reference: 'ord_0001', claimedStatus: 'DB 000.100.110' },
    },
    {
      what: 'a payment that is pending',
      iv: '000000000000000000000002',
      tag: '569256C558CE345737910C8118C6BA5C',
      body: '49D97669CEA88F96058247662954223CB2F93923D5D7397A50C773343B0B238894F4B8C326B0901AC7BF8842223A62E78F8A1AA709F44AF0BBA77495AAD93D8D460D378C8524BEE103F563E16F9B7546A28BA2F150178AC286E4C10E8BAAE837CB03B91177705DFC610082E61E8BE05DDE556AC08D6ED660443759A3D6A4300F3A97F1B4CA50AC658E18',
      plain: {
        type: 'PAYMENT',
        payload: {
          id: '8ac7a4a0000000000000000000000002',
          result: { code: '000.200.000', description: 'transaction pending' },
        },
      },
      event: { object: 'payment', claimedStatus: '000.200.000' },
    },
    {
      what: 'a card that was saved, with its Arabic holder',
      iv: '000000000000000000000003',
      tag: 'D75E387B49FB1E6EF9C5F2EF94A2258C',
      body: '65270AC642742FE62B828A661EA54E1697F1691C8AE138E4120F2F6B623CB265075AE15205028EA8265968B66D917BAD7B77EE7B82B0A22737BC38E6E30B7B8B1B6BC2D9BC8137BC61E5A3817C0976520B54BE749C56E3B27BE275CEE10586AF1AE8243DD1C184363E1F6993C604119F57B0C2B140DD05974E6EA0C7A3CC7D313EDABB71195AB1732186B7244FBDFC497862EB5A69D3A5F2450AE5',
      plain: {
        type: 'REGISTRATION',
        action: 'CREATED',
        payload: {
          id: '8ac7a4a0000000000000000000000003',
          card: { holder: 'محمد' },
          result: { code: '000.100.110' },
        },
      },
      event: { object: 'other', claimedStatus: 'REGISTRATION CREATED' },
    },
  ],
}

type Sealed = { iv: string; tag: string; body: string }
let nonce = 0

/** As the platform's documents describe it, written apart from the code that opens it. */
function seal(message: unknown, key = KEY): Sealed {
  const iv = Buffer.alloc(12)
  iv.writeUInt32BE(++nonce, 8)
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key, 'hex'), iv)
  const text = typeof message === 'string' ? message : JSON.stringify(message)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return { iv: iv.toString('hex'), tag: cipher.getAuthTag().toString('hex'), body: body.toString('hex') }
}

const headerOf =
  ({ iv, tag }: Partial<Sealed>) =>
  (name: string): string =>
    ({ 'x-initialization-vector': iv, 'x-authentication-tag': tag })[name] ?? ''
const open = (sealed: Sealed, key = KEY) => decrypt(Buffer.from(sealed.body), headerOf(sealed), key)
const eventOf = (message: unknown) => {
  const sealed = seal(message)
  return readEvent(Buffer.from(sealed.body), headerOf(sealed), KEY)
}
const aPayment = (over: Record<string, unknown> = {}) => ({
  type: 'PAYMENT',
  payload: {
    id: '8ac7a4a00000000000000000000000aa',
    paymentType: 'DB',
    paymentBrand: 'MADA',
    amount: '92.00',
    currency: 'SAR',
    merchantTransactionId: '01970000-0000-7000-8000-000000000001',
    result: { code: '000.100.110', description: 'done' },
    card: { bin: '536023', last4Digits: '7034', holder: 'سارة العتيبي' },
    customer: { email: 'sara@example.sa' },
    ...over,
  },
})

describe('a delivery of HyperPay', () => {
  it('opens as the platform publishes it', () => {
    expect(open(PUBLISHED, PUBLISHED.key)).to.deep.equal({ object: PUBLISHED.plain })
  })

  for (const { what, plain, event, ...sealed } of ELSEWHERE.deliveries)
    it(`of ${what} opens as it was sealed elsewhere`, () => {
      expect(open(sealed, ELSEWHERE.key)).to.deep.equal({ object: plain })
      expect(readEvent(Buffer.from(sealed.body), headerOf(sealed), ELSEWHERE.key)).to.include({
        ...event,
        objectId: plain.payload.id,
      })
      expect(open({ ...sealed, tag: sealed.tag.slice(0, 8) }, ELSEWHERE.key)).to.have.property('refusal')
    })

  it('opens in either case of its digits, and in its JSON wrapper', () => {
    const sealed = seal({ type: 'PAYMENT', payload: { card: { holder: 'محمد' } } })
    const upper = Object.fromEntries(Object.entries(sealed).map(([name, hex]) => [name, hex.toUpperCase()]))
    const wrapped = { ...sealed, body: JSON.stringify({ encryptedBody: sealed.body }) }
    for (const each of [sealed, upper as Sealed, wrapped])
      expect(open(each)).to.have.nested.property('object.payload.card.holder', 'محمد')
  })

  const good = () => seal(aPayment())
  const flipped = (hex: string) => hex.slice(0, -1) + (hex.endsWith('0') ? '1' : '0')
  const bad: Record<string, () => Sealed> = {
    'another last digit of the tag': () => {
      const sealed = good()
      return { ...sealed, tag: flipped(sealed.tag) }
    },
    'another body': () => {
      const sealed = good()
      return { ...sealed, body: flipped(sealed.body) }
    },
    'a body one digit short': () => {
      const sealed = good()
      return { ...sealed, body: sealed.body.slice(1) }
    },
    'a body that is no hexadecimal': () => ({ ...good(), body: 'zz' }),
    'no body': () => ({ ...good(), body: '' }),
    'no initialization vector': () => ({ ...good(), iv: '' }),
    'a long initialization vector': () => ({ ...good(), iv: '0'.repeat(32) }),
    'no tag': () => ({ ...good(), tag: '' }),
    'a tag of odd digits': () => {
      const sealed = good()
      return { ...sealed, tag: sealed.tag.slice(1) }
    },
    'another key': () => seal(aPayment(), 'f'.repeat(64)),
    'no object inside': () => seal('[1]'),
    'no JSON inside': () => seal('PAYMENT'),
    'plain JSON': () => ({ ...good(), body: JSON.stringify(aPayment()) }),
  }
  for (const [what, make] of Object.entries(bad))
    it(`with ${what} is refused`, () => {
      expect(open(make())).to.have.property('refusal')
    })

  for (const bytes of [4, 8, 12, 13, 14, 15])
    it(`with its tag cut to ${bytes} bytes is refused, though that much of it is right`, () => {
      const sealed = good()
      expect(open({ ...sealed, tag: sealed.tag.slice(0, bytes * 2) })).to.have.property('refusal')
    })

  it('proves nothing without a key', () => {
    for (const key of ['', '00', 'g'.repeat(64)]) expect(open(good(), key)).to.have.property('refusal')
  })

  it('never throws over what a stranger sends', () => {
    const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefXé{"'), maxLength: 70 })
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), hex, hex, (body, iv, tag) => {
        expect(readEvent(Buffer.from(body), headerOf({ iv, tag }), KEY)).to.equal(undefined)
      }),
    )
  })

  it('never throws over what its sender may say', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('type', 'action', 'payload', 'x'), fc.jsonValue()),
        message => {
          expect(eventOf(message)).to.have.property('eventKey')
        },
      ),
    )
  })

  it('of a payment names it, its reference and what is claimed; of people and cards it keeps four digits', () => {
    const event = eventOf(aPayment())
    expect(event).to.deep.include({
      eventKey: 'payment:8ac7a4a00000000000000000000000aa:DB:000.100.110',
      object: 'payment',
      objectId: '8ac7a4a00000000000000000000000aa',
      reference: '01970000-0000-7000-8000-000000000001',
      claimedStatus: 'DB 000.100.110',
    })
    const kept = JSON.stringify(event)
    expect(event?.payload.card_last_four).to.equal('7034')
    expect(kept).to.not.match(/سارة|536023|sara@/)
  })

  it('of a refund is one, and another result is another event', () => {
    expect(eventOf(aPayment({ paymentType: 'RF' }))?.object).to.equal('refund')
    const keys = ['000.200.000', '000.100.110'].map(code => eventOf(aPayment({ result: { code } }))?.eventKey)
    expect(new Set(keys).size).to.equal(2)
  })

  for (const message of [
    { type: 'REGISTRATION', action: 'CREATED', payload: { id: '8ac7a4a0', card: { holder: 'محمد' } } },
    { type: 'RISK', payload: {} },
    { type: 'test' },
    { type: 'PAYMENT' },
    {},
  ])
    it(`of ${JSON.stringify(message)} is taken, and nothing follows`, () => {
      expect(eventOf(message)).to.include({ object: 'other' })
    })
})

describe('the address for HyperPay', () => {
  const t = useContext()
  const send = ({ iv, tag, body }: Partial<Sealed>) =>
    t.post('/api/v1/webhooks/hyperpay', {
      raw: body ?? '',
      headers: {
        'content-type': 'text/plain',
        ...(iv === undefined ? {} : { 'x-initialization-vector': iv }),
        ...(tag === undefined ? {} : { 'x-authentication-tag': tag }),
      },
    })
  const key = () => t.env.HYPERPAY_WEBHOOK_SECRET as string

  it('takes what is proven, once', async () => {
    const sealed = seal(aPayment(), key())
    expect((await send(sealed)).status).to.equal(200)
    // encryption is no guard against a copy, and the same event may be sealed anew
    expect((await send(sealed)).status).to.equal(200)
    expect((await send(seal(aPayment(), key()))).status).to.equal(200)
    expect(await t.db('webhook_events').where({ provider: 'hyperpay' })).to.have.length(1)
  })

  it('keeps its events apart from those of another provider, though both have one name', async () => {
    expect((await send(seal(aPayment({ id: 'op1' }), key()))).status).to.equal(200)
    const { event_key: eventKey } = await t.db('webhook_events').where({ object_id: 'op1' }).first()
    const status = eventKey.replace('payment:op1:', '')
    for (let time = 0; time < 2; time++)
      expect((await deliver(t, aCharge({ id: 'op1', status }))).status).to.equal(200)
    const rows = await t.db('webhook_events').where({ event_key: eventKey }).orderBy('provider')
    expect(rows.map(({ provider, deliveries }) => [provider, deliveries])).to.deep.equal([
      ['hyperpay', 1],
      ['tap', 2],
    ])
  })

  it('takes the test of the back office, which names nothing', async () => {
    expect((await send(seal({ type: 'test' }, key()))).status).to.equal(200)
    await t.settle()
    const event = await t.db('webhook_events').where({ claimed_status: 'test' }).first()
    expect(event).to.include({ status: 'processed', outcome: 'ignored_kind' })
  })

  it('refuses the rest with 401, keeps nothing and notes it', async () => {
    const before = await t.db('webhook_events').count()
    t.log.lines.length = 0
    const sealed = seal(aPayment({ id: 'another' }), key())
    const bad = [
      {},
      { ...sealed, tag: undefined },
      { ...sealed, tag: sealed.tag.slice(0, 8) },
      { ...sealed, tag: 'é'.repeat(32) },
      { ...sealed, iv: sealed.iv.slice(2) },
      { ...sealed, body: 'not hexadecimal' },
      seal(aPayment(), KEY),
    ]
    for (const each of bad) {
      const { tag } = each as Partial<Sealed>
      const fit = tag?.includes('é') ? { ...each, tag: Buffer.from(tag).toString('latin1') } : each
      expect((await send(fit as Partial<Sealed>)).status).to.equal(401)
    }
    expect(await t.db('webhook_events').count()).to.deep.equal(before)
    expect(t.log.of('webhook_bad_signature')).to.have.length(bad.length)
  })
})
