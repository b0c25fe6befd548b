import { expect } from 'chai'
import { useShop } from './tap-shop.js'

const GOOD = { card: '4464040000000007', expiry: '01/39', cvv: '100', decision: 'approve' }

describe('sandbox: hosted page', () => {
  const shop = useShop()

  const press = (id: string, fields: Record<string, string>) =>
    fetch(`${shop.sandbox.url}/pay/${id}?lang=en`, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
    })

  async function look(id: string, language = 'en') {
    const response = await fetch(`${shop.sandbox.url}/pay/${id}?lang=${language}`)
    return { response, text: await response.text() }
  }

  it('shows what is paid, for which order', async () => {
    const { id } = await shop.charge({ amount: 12345.5 })
    const { response, text } = await look(id)
    expect(response.status).to.equal(200)
    for (const shown of [
      'CargoParts',
      '12,345.50',
      'SAR',
      'CP-1',
      '4464 0400 0000 0007',
      'lang="en" dir="ltr"',
    ]) {
      expect(text).to.include(shown)
    }
  })

  it('reads from right to left in Arabic', async () => {
    const { text } = await look((await shop.charge()).id, 'ar')
    expect(text).to.include('lang="ar" dir="rtl"').and.to.include('الموافقة على الدفع')
  })

  it('runs no script and loads nothing', async () => {
    const { id } = await shop.charge()
    const { response, text } = await look(id)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).to.include("default-src 'none'").and.to.include(`form-action 'self' ${shop.shopUrl};`)
    expect(policy).to.not.include('unsafe')
    expect(text).to.not.match(/<script|\son\w+=|\sstyle=|src=/)
  })

  it('escapes what the shop sent', async () => {
    const reference = { order: `"><script>alert('1')</script>` }
    const { id } = await shop.charge({ reference, source: { id: 'src_card' } })
    for (const language of ['en', 'ar']) {
      const { text } = await look(id, language)
      expect(text).to.not.include('<script')
      expect(text).to.include('&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;')
    }
    const start = await fetch(shop.sandbox.url).then(response => response.text())
    expect(start).to.include('&lt;script').and.to.not.include('<script')
  })

  it('approves, tells the shop and sends the customer back', async () => {
    const { id } = await shop.charge({ redirect: { url: `${shop.shopUrl}/return?order=1&tap_id=x` } })
    const response = await press(id, GOOD)
    expect(response.status).to.equal(303)
    expect(response.headers.get('location')).to.equal(`${shop.shopUrl}/return?order=1&tap_id=${id}`)
    const { body } = await shop.call('GET', `/charges/${id}`)
    expect(body).to.deep.include({ status: 'CAPTURED', response: { code: '000', message: 'Captured' } })
    expect(body.card).to.deep.include({
      first_six: '446404',
      first_eight: '44640400',
      last_four: '0007',
      brand: 'MADA',
    })
    expect(body.source).to.include({ payment_type: 'DEBIT', payment_method: 'MADA' })
    expect(body.redirect?.status).to.equal('SUCCESS')
    await shop.control.webhooks.idle()
    expect(shop.hooks.map(({ object }) => object.status)).to.deep.equal(['CAPTURED'])
  })

  const outcomes: [string, Record<string, string>, string, string][] = [
    ['05/22', {}, 'DECLINED', '501'],
    ['04/27', {}, 'FAILED', '407'],
    ['08/28', {}, 'TIMEDOUT', '801'],
    ['01/37', {}, 'DECLINED', '513'],
    ['01/39', { cvv: '102' }, 'DECLINED', '502'],
    ['01/39', { decision: 'decline' }, 'DECLINED', '501'],
    ['01/39', { decision: 'cancel' }, 'CANCELLED', '302'],
  ]
  for (const [expiry, change, status, code] of outcomes) {
    it(`${JSON.stringify({ expiry, ...change })} is ${status}`, async () => {
      const { id } = await shop.charge()
      await press(id, { ...GOOD, expiry, ...change })
      const charge = shop.control.payments.get(id)
      expect(charge).to.include({ status })
      expect(charge?.response.code).to.equal(code)
      expect(charge?.reference).to.not.have.property('gateway')
    })
  }

  it('asks again for a card it does not know, and decides nothing', async () => {
    const { id } = await shop.charge()
    for (const wrong of [
      { card: '4111111111111111' },
      { expiry: '12/30' },
      { cvv: '999' },
      { decision: 'x' },
    ]) {
      const response = await press(id, { ...GOOD, ...wrong })
      expect(response.status).to.equal(422)
    }
    expect(shop.control.payments.get(id)?.status).to.equal('INITIATED')
  })

  it('takes only mada cards for mada, and no card at all for a wallet', async () => {
    const mada = await shop.charge({ source: { id: 'src_sa.mada' } })
    expect((await press(mada.id, { ...GOOD, card: '4012000033330026' })).status).to.equal(422)
    const phone = { country_code: '966', number: '500000001' }
    const wallet = await shop.charge({ source: { id: 'src_sa.stcpay', phone } })
    expect((await look(wallet.id)).text).to.not.include('<select')
    await press(wallet.id, { decision: 'approve' })
    expect(shop.control.payments.get(wallet.id)?.source.payment_method).to.equal('STC_PAY')
  })

  it('reserves on a credit card and not on mada', async () => {
    for (const [card, status] of [
      ['4012000033330026', 'AUTHORIZED'],
      ['4464040000000007', 'DECLINED'],
    ] as const) {
      const { id } = (await shop.call('POST', '/authorize', shop.aCharge())).body
      await press(id, { ...GOOD, card })
      expect(shop.control.payments.get(id)?.status).to.equal(status)
    }
  })

  it('decides once, however often the button is pressed', async () => {
    const { id } = await shop.charge()
    const decisions = ['approve', 'decline', 'cancel', 'approve', 'approve']
    await Promise.all(decisions.map(decision => press(id, { ...GOOD, decision })))
    await shop.control.webhooks.idle()
    expect(shop.hooks).to.have.length(1)
    expect((await look(id)).text).to.include('Back to the shop')
  })

  it('shows the result itself when there is no shop to go back to', async () => {
    const { id } = await shop.charge({ redirect: undefined })
    const response = await press(id, GOOD)
    expect(response.headers.get('location')).to.equal(`/pay/${id}?lang=en`)
    expect((await look(id)).text).to.include('Payment received')
  })

  it('lets nobody pay after the time is over', async () => {
    const { id } = await shop.charge()
    shop.clock.at += 30 * 60_000
    await press(id, GOOD)
    expect(shop.control.payments.get(id)?.status).to.equal('ABANDONED')
    const { response, text } = await look(id)
    expect(response.status).to.equal(410)
    expect(text).to.include('This payment has expired')
  })

  it('says so when there is no such payment', async () => {
    const { response, text } = await look('chg_none')
    expect(response.status).to.equal(404)
    expect(text).to.include('There is no such payment')
    expect((await press('chg_none', GOOD)).status).to.equal(404)
  })
})
