import { expect } from 'chai'
import { useShop } from './tap-shop.js'

describe('sandbox: control over HTTP', () => {
  const shop = useShop()

  async function control(method: string, path: string, body?: unknown, type = 'application/json') {
    const response = await fetch(`${shop.sandbox.url}/control${path}`, {
      method,
      headers: body === undefined ? {} : { 'content-type': type },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }

  it('plays the customer', async () => {
    const [first, second, third] = [await shop.charge(), await shop.charge(), await shop.charge()]
    const approved = await control('POST', `/payments/${first.id}/approve`, { card: '4464040000000007' })
    expect(approved.body).to.include({ status: 'CAPTURED' })
    expect(
      (await control('POST', `/payments/${second.id}/decline`, { code: '505' })).body.response.code,
    ).to.equal('505')
    expect((await control('POST', `/payments/${third.id}/cancel`, {})).body.status).to.equal('CANCELLED')
    expect((await control('POST', `/payments/${third.id}/approve`, {})).status).to.equal(409)
    expect((await control('POST', '/payments/chg_none/approve', {})).status).to.equal(404)
  })

  it('sets and clears faults', async () => {
    const fault = { kind: 'status', status: 503, times: 2, on: 'charge.create' }
    expect((await control('POST', '/faults', fault)).status).to.equal(204)
    expect((await control('GET', '/faults')).body).to.deep.equal([fault])
    expect((await control('DELETE', '/faults')).status).to.equal(204)
    expect((await control('POST', '/faults', { kind: 'rain' })).status).to.equal(422)
  })

  it('steers webhooks', async () => {
    await control('POST', '/webhooks/repeat', { times: 2 })
    await control('POST', '/webhooks/hold', {})
    const { id } = await shop.paid()
    await control('POST', '/webhooks/release', { reversed: true })
    await shop.control.webhooks.idle()
    await control('POST', `/objects/${id}/resend`, {})
    await shop.control.webhooks.idle()
    expect((await control('GET', '/webhooks')).body).to.have.length(3)
  })

  it('changes what is read, and tells the truth again', async () => {
    const { id } = await shop.charge()
    await control('PUT', `/objects/${id}/view`, { currency: 'USD' })
    expect((await shop.call('GET', `/charges/${id}`)).body.currency).to.equal('USD')
    await control('DELETE', `/objects/${id}/view`)
    expect((await shop.call('GET', `/charges/${id}`)).body.currency).to.equal('SAR')
  })

  it('is closed to forms, which any web page can send', async () => {
    const { id } = await shop.charge()
    const { status } = await control('POST', `/payments/${id}/approve`, {}, 'text/plain')
    expect(status).to.equal(400)
    expect(shop.control.payments.get(id)?.status).to.equal('INITIATED')
  })
})
