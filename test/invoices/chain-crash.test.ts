import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { bareEnvironment } from '../support/command.js'
import { useContext } from '../support/context.js'
import { atOnce } from '../support/ordering.js'
import { buy, place } from '../support/shopping.js'

/** `npm run test:chain` does it twenty times. */
const ROUNDS = Number(process.env.CHAIN_CRASHES ?? 2)
const [ORDERS, REFUNDED] = [30, 20]
const CHILD = fileURLToPath(new URL('issuing-child.js', import.meta.url))

describe('a chain whose writer is killed', function () {
  this.timeout(60_000 * Math.max(1, ROUNDS / 5))
  const t = useContext()
  // some payment: refunds have one
  let paymentId: string
  before(async () => {
    const listing = await t.accounts.listing()
    paymentId = (await buy(t, [{ listingId: listing.id, quantity: 1 }])).payment.id
  })

  for (let round = 1; round <= ROUNDS; round++)
    it(`has no gap and no fork, and no order has two invoices (${round})`, async () => {
      const shop = await t.accounts.shop(`seller:${round}`)
      const ids = await paidOrders(`seller:${round}`)
      // another place each time: in the middle of invoices, and in the middle of notes
      const written = await killedAfter(3 + ((round * 17) % (ORDERS + REFUNDED - 13)))
      const left = await t.services.invoices.lacking()
      expect(written).to.be.above(0)
      expect(left, 'it was killed before the end').not.to.be.empty

      // two more, at once, as two workers would
      await atOnce(2, async () => {
        for (const each of left) await t.services.invoices.generate(each)
      })
      expect(await t.services.invoices.lacking()).to.be.empty

      const documents = await t.db('tax_documents').where({ seller_id: shop.id }).orderBy('counter')
      expect(documents.map(({ counter }) => counter)).to.deep.equal(oneTo(ORDERS + REFUNDED))
      const invoices = await t.db('invoices').where({ seller_id: shop.id })
      const counts = (prefix: string) =>
        invoices.flatMap(({ number }) => (number.startsWith(prefix) ? [Number(number.split('-')[2])] : []))
      expect(counts('INV').sort(ascending)).to.deep.equal(oneTo(ORDERS))
      expect(counts('CN').sort(ascending)).to.deep.equal(oneTo(REFUNDED))
      const originals = invoices.filter(({ kind }) => kind === 'TAX_INVOICE').map(invoice => invoice.order_id)
      expect(originals).to.have.members(ids)

      for await (const chain of t.services.invoices.verifyChains({ sellerId: shop.id }))
        expect(chain).to.include({ documents: ORDERS + REFUNDED, break: null })
    })

  async function paidOrders(who: `seller:${number}`): Promise<string[]> {
    const listing = await t.accounts.listing({ stock: ORDERS }, who)
    const placed = await atOnce(ORDERS, () => place(t, [{ listingId: listing.id, quantity: 1 }]))
    const ids = placed.map(({ orders }) => orders[0]?.id as string)
    await t.owner('orders').whereIn('id', ids).update({ status: 'PAID', paid_at: t.clock.now() })
    const refunded = ids.slice(0, REFUNDED)
    for (const status of ['CANCELLED', 'REFUNDED'])
      await t.owner('orders').whereIn('id', refunded).update({ status })
    const refund = { payment_id: paymentId, amount_halalas: 11_500, reason: 'test', status: 'REFUNDED' }
    await t.owner('refunds').insert(refunded.map(id => ({ id, order_id: id, ...refund })))
    return ids
  }

  /** Runs the writer and kills it, as nobody can be prepared for, when it has written so many. How many it had said. */
  async function killedAfter(count: number): Promise<number> {
    const child = spawn(process.execPath, [CHILD], {
      env: bareEnvironment(t.env),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const gone = once(child, 'exit')
    let said = 0
    child.stdout.on('data', chunk => {
      said += String(chunk).length
      if (said >= count) child.kill('SIGKILL')
    })
    const [, signal] = await gone
    expect(signal, 'it was killed').to.equal('SIGKILL')
    return said
  }
})

const oneTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)
const ascending = (one: number, other: number): number => one - other
