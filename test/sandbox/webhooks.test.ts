import { expect } from 'chai'
import { hmac, useShop } from './tap-shop.js'

describe('sandbox: webhooks', () => {
  const shop = useShop()

  it('sends the object with its signature', async () => {
    const { id } = await shop.paid({ amount: 99.5 })
    await shop.control.webhooks.idle()
    expect(shop.hooks).to.have.length(1)
    const [hook] = shop.hooks
    if (!hook) throw new Error('nothing was sent')
    const { headers, object } = hook
    expect(object).to.include({ id, object: 'charge', status: 'CAPTURED', amount: 99.5 })
    const { gateway, payment } = object.reference
    expect(headers.hashstring).to.equal(
      hmac(
        `x_id${id}x_amount99.50x_currencySARx_gateway_reference${gateway}x_payment_reference${payment}` +
          `x_statusCAPTUREDx_created${object.transaction.created}`,
      ),
    )
    expect(headers['content-type']).to.equal('application/json')
    expect(headers.hash).to.match(/^[0-9a-f]{64}$/)
    expect(shop.control.payments.get(id)?.post).to.include({ attempt: 1, status: 'SUCCESS' })
  })

  it('tries three times and then gives up', async () => {
    shop.answers.push(500, 302, 404)
    const { id } = await shop.paid()
    await shop.control.webhooks.idle()
    expect(shop.hooks).to.have.length(3)
    expect(new Set(shop.hooks.map(({ text }) => text)).size).to.equal(1)
    expect(shop.control.payments.get(id)?.post).to.include({ attempt: 3, status: 'ERROR' })
    const statuses = shop.control.webhooks.deliveries(id).map(({ status }) => status)
    expect(statuses).to.deep.equal([500, 302, 404])
  })

  it('stops trying once it was heard', async () => {
    shop.answers.push(503)
    const { id } = await shop.paid()
    await shop.control.webhooks.idle()
    expect(shop.hooks).to.have.length(2)
    expect(shop.control.payments.get(id)?.post).to.include({ attempt: 2, status: 'SUCCESS' })
  })

  for (const url of [
    'http://93.184.216.34/hook',
    'http://example.com/hook',
    'http://169.254.169.254/latest',
    'http://0.0.0.0:1/',
    'http://127.0.0.1.example.com/',
  ]) {
    it(`sends nothing to ${url}`, async () => {
      const { id } = await shop.paid({ post: { url } })
      await shop.control.webhooks.idle()
      expect(shop.control.payments.get(id)?.post).to.include({ attempt: 1, status: 'ERROR' })
      expect(shop.control.webhooks.deliveries(id)[0]?.error).to.equal('not an address of this machine')
    })
  }

  it('reaches this machine by its name', async () => {
    const url = `${shop.shopUrl.replace('127.0.0.1', 'localhost')}/hook`
    await shop.paid({ post: { url } })
    await shop.control.webhooks.idle()
    expect(shop.hooks).to.have.length(1)
  })

  it('sends more than once when told to', async () => {
    shop.control.webhooks.repeat(3)
    await shop.paid()
    await shop.control.webhooks.idle()
    expect(shop.hooks).to.have.length(3)
  })

  it('holds back and lets go in the other order', async () => {
    shop.control.webhooks.hold()
    const authorization = (await shop.call('POST', '/authorize', shop.aCharge())).body
    shop.control.payments.approve(authorization.id)
    await shop.call('POST', `/authorize/${authorization.id}/void`)
    await shop.control.webhooks.idle()
    expect(shop.hooks).to.deep.equal([])
    shop.control.webhooks.release({ reversed: true })
    await shop.control.webhooks.idle()
    expect(shop.hooks.map(({ object }) => object.status)).to.deep.equal(['VOID', 'AUTHORIZED'])
  })

  it('loses what is discarded', async () => {
    shop.control.webhooks.hold()
    await shop.paid()
    shop.control.webhooks.discard()
    shop.control.webhooks.release()
    await shop.control.webhooks.idle()
    expect(shop.hooks).to.deep.equal([])
  })

  it('sends a delivery again, byte for byte', async () => {
    const { id } = await shop.paid()
    await shop.control.webhooks.idle()
    shop.control.webhooks.resend(id)
    await shop.control.webhooks.idle()
    const [first, second] = shop.hooks
    expect(second?.text).to.equal(first?.text)
    expect(second?.headers.hashstring).to.equal(first?.headers.hashstring)
  })
})
