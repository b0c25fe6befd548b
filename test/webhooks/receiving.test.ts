import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { atOnce, tally } from '../support/ordering.js'
import { aCharge, deliver, send, signature, signedText } from '../support/tap-delivery.js'

describe('a delivery', () => {
  const t = useContext()
  const events = () => t.db('webhook_events')
  const sign = (charge = aCharge()) => signature(signedText(charge), t.env.TAP_SECRET_KEY as string)
  let serial = 0
  const aNewCharge = (over: Record<string, unknown> = {}) => aCharge({ id: `chg_${++serial}`, ...over })

  describe('without proof', () => {
    beforeEach(() => {
      t.log.lines.length = 0
    })
    const good = () => sign()
    const wrong: Record<string, () => string | undefined> = {
      'no signature': () => undefined,
      'an empty signature': () => '',
      'one letter': () => 'a',
      '63 digits': () => good().slice(1),
      '65 digits': () => `${good()}0`,
      'upper case': () => good().toUpperCase(),
      '64 letters é': () => Buffer.from('é'.repeat(64)).toString('latin1'),
      'the signature of another key': () => signature(signedText(aCharge()), 'sk_test_another'),
      'the signature of an empty key': () => signature(signedText(aCharge()), ''),
      'the signature of another status': () => sign(aCharge({ status: 'DECLINED' })),
    }
    for (const [what, hashstring] of Object.entries(wrong)) {
      it(`(${what}) is refused, kept nowhere, and noted`, async () => {
        const answer = await send(t, JSON.stringify(aCharge()), hashstring())
        expect(answer.status).to.equal(401)
        expect(answer.body.code).to.equal('webhooks.bad_signature')
        expect(await events()).to.be.empty
        const [line] = t.log.of('webhook_bad_signature')
        expect(line).to.deep.include({ level: 'warn' })
        expect(line?.fields).to.include({ type: 'security', provider: 'tap' })
        expect(t.log.lines.filter(each => each.level === 'error')).to.be.empty
      })
    }

    it('is counted, by provider and hour, and nothing else of it is kept', async () => {
      const { webhooks } = t.services
      await webhooks.settle()
      const countOf = async (provider: string) => {
        const refused = await webhooks.refusedSince(new Date(0), provider)
        return refused.reduce((total, { count }) => total + count, 0)
      }
      const before = [await countOf('tap'), await countOf('hyperpay')] as [number, number]
      await atOnce(12, () => send(t, JSON.stringify(aCharge()), 'a'.repeat(64)))
      await send(t, 'aa', undefined, 'hyperpay')
      await send(t, '{}', undefined, 'nobody')
      await webhooks.settle()
      expect([await countOf('tap'), await countOf('hyperpay')]).to.deep.equal([before[0] + 12, before[1] + 1])
      const rows = await t.db('webhook_refusals')
      expect(rows.map(row => row.provider).sort()).to.deep.equal(['hyperpay', 'tap'])
      expect(Object.keys(rows[0])).to.have.members(['provider', 'hour', 'count', 'last_at'])
      expect(await webhooks.refusedSince(new Date(t.clock.now().getTime() + 7_200_000))).to.be.empty
    })

    for (const raw of [
      '',
      'not json',
      '[]',
      'null',
      '1',
      '"chg_1"',
      '{}',
      '{"id":1}',
      '\ufeff{}',
      '{"id":"chg_1","status":"CAPTURED","amount":1,"currency":{"toString":1}}',
      '{"id":"chg_1","status":"CAPTURED","amount":1,"currency":"SAR","reference":{"gateway":{"toString":1}}}',
      '{"__proto__":{"id":"chg_1"}}',
      '['.repeat(100_000),
    ])
      it(`(a body of ${JSON.stringify(raw.slice(0, 90))}) is refused`, async () => {
        expect((await send(t, raw, good())).status).to.equal(401)
        expect((await send(t, Buffer.from([0xff, 0xfe, 0]), good())).status).to.equal(401)
        expect(await events()).to.be.empty
      })
  })

  describe('with proof', () => {
    it('is stored and answered at once; the work is left to a job', async () => {
      const charge = aNewCharge()
      const answer = await deliver(t, charge)
      expect(answer.status).to.equal(200)
      expect(answer.body).to.deep.equal({ received: true })
      expect(await events().where({ object_id: charge.id }).first()).to.include({
        provider: 'tap',
        event_key: `payment:${charge.id}:CAPTURED`,
        claimed_status: 'CAPTURED',
        status: 'received',
        deliveries: 1,
        attempts: 0,
      })
      expect(await t.db('outbox').where({ topic: 'webhook_received' }).whereNull('done_at')).to.have.length(1)
    })

    it('is known by its bytes, however they are written', async () => {
      const written: [string, (charge: ReturnType<typeof aCharge>) => string][] = [
        ['with odd spaces', charge => `\r\n ${JSON.stringify(charge, null, '\t')} \n`],
        [
          'with its members turned round',
          charge => JSON.stringify(Object.fromEntries(Object.entries(charge).reverse())),
        ],
        [
          'with escapes',
          charge =>
            JSON.stringify({ ...charge, description: 'ا' })
              .replace('ا', '\\u0627')
              .replace('chg', '\\u0063hg'),
        ],
        ['with its amount as 115.00', charge => JSON.stringify(charge).replace(':115,', ':115.00,')],
        ['with its amount as 1.15e2', charge => JSON.stringify(charge).replace(':115,', ':1.15e2,')],
        ['with a member twice', charge => JSON.stringify(charge).replace('{', '{"status":"DECLINED",')],
      ]
      for (const [how, write] of written) {
        const charge = aNewCharge()
        expect((await deliver(t, charge, write(charge))).status, how).to.equal(200)
        const stored = await events().where({ object_id: charge.id })
        expect(
          stored.map(event => event.claimed_status),
          how,
        ).to.deep.equal(['CAPTURED'])
      }
    })

    it('keeps no customer, and of a card the last four digits', async () => {
      const charge = aNewCharge({
        customer: { first_name: 'Noura', email: 'noura@example.sa', phone: { number: '501234567' } },
        card: { first_six: '446404', last_four: '0007', name: 'NOURA', number: '4464040000000007' },
        source: { id: 'tok_1' },
        metadata: { note: '4464040000000007' },
        description: '4464040000000007',
        response: { code: '000', message: 'Captured 4464 0400 0000 0007', customer: 'Noura' },
        reference: { gateway: 'g', payment: 'p', order: '4464040000000007', email: 'noura@example.sa' },
      })
      expect((await deliver(t, charge)).status).to.equal(200)
      const { payload } = await events().where({ object_id: charge.id }).first()
      expect(payload).to.include({ card_last_four: '0007', object: 'charge', status: 'CAPTURED' })
      const text = JSON.stringify(payload)
      for (const secret of ['oura', 'NOURA', '5012345', '4464040000000007', '0400 0000', 'tok_1'])
        expect(text).not.to.include(secret)
    })

    it('is stored whatever its unsigned members hold', async () => {
      const odd = '\u0000 \ud800 قطع'
      const charge = aNewCharge({
        response: { code: odd, message: odd },
        card: { last_four: odd },
        live_mode: odd,
        reference: { gateway: 'g', payment: 'p', order: odd, transaction: { deep: [odd] } },
      })
      expect((await deliver(t, charge)).status).to.equal(200)
      expect(await events().where({ object_id: charge.id })).to.have.length(1)
    })

    it('is a refund by its signed id, not by what it calls itself', async () => {
      const charge = aNewCharge({ object: 'refund' })
      expect((await deliver(t, charge)).status).to.equal(200)
      expect((await events().where({ object_id: charge.id }).first()).event_key).to.match(/^payment:/)
    })

    it('of one event fifty times at once is fifty times 200 and one event', async () => {
      const charge = aNewCharge()
      const waiting = () =>
        t
          .db('outbox')
          .whereRaw("payload ->> 'eventId' in (select id::text from webhook_events where object_id = ?)", [
            charge.id,
          ])
      const answers = await atOnce(50, () => deliver(t, charge))
      expect(tally(answers)).to.deep.equal({ 200: 50 })
      const stored = await events().where({ object_id: charge.id })
      expect(stored).to.have.length(1)
      expect(stored[0].deliveries).to.equal(50)
      expect(await waiting()).to.have.length(1)
    })

    it('of another status of the same charge is another event', async () => {
      const charge = aNewCharge({ status: 'DECLINED' })
      await deliver(t, charge)
      await deliver(t, { ...charge, status: 'CAPTURED' })
      expect(await events().where({ object_id: charge.id })).to.have.length(2)
    })
  })
})

describe('a delivery that is too large, or for nobody', () => {
  const t = useContext()

  it('larger than 256 KiB is too large; one below is read', async () => {
    const charge = aCharge()
    const filled = (bytes: number) => {
      const empty = JSON.stringify({ ...charge, fill: '' })
      return JSON.stringify({ ...charge, fill: 'x'.repeat(bytes - empty.length) })
    }
    expect((await deliver(t, charge, filled(257 * 1024))).status).to.equal(413)
    expect((await deliver(t, charge, filled(256 * 1024 + 1))).status).to.equal(413)
    expect(await t.db('webhook_events').where({ object_id: charge.id })).to.be.empty
    expect((await deliver(t, charge, filled(256 * 1024))).status).to.equal(200)
  })

  it('for a provider we do not have is not found', async () => {
    for (const provider of ['stripe', 'moyasar'])
      expect(
        (await send(t, '{}', signature(signedText(aCharge()), t.env.TAP_SECRET_KEY as string), provider))
          .status,
      ).to.equal(404)
    expect(
      (await send(t, '{}', signature(signedText(aCharge()), t.env.TAP_SECRET_KEY as string), 'x'.repeat(40)))
        .status,
    ).to.be.within(400, 499)
  })
})

describe('a delivery while webhooks are switched off', () => {
  const t = useContext({ env: { ENABLE_WEBHOOKS: 'false' } })

  it('is put off, so that the provider tries again', async () => {
    const answer = await deliver(t, aCharge())
    expect(answer.status).to.equal(503)
    expect(answer.body.code).to.equal('webhooks.disabled')
    expect(answer.headers.get('retry-after')).to.equal('2')
    expect(await t.db('webhook_events')).to.be.empty
  })
})
