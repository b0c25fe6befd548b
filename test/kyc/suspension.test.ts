import { expect } from 'chai'
import { days } from '../../api/platform/clock.js'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'
import { order } from '../support/ordering.js'
import { verifying } from '../support/verifying.js'

describe('a seller who is suspended', () => {
  const t = useContext()
  const v = verifying(t)
  afterEach(() => t.clock.reset())
  const reason = { reason: 'counterfeit parts, case 1734' }
  const change = (
    what: 'suspend' | 'reinstate',
    id: string,
    as: 'officer' | 'admin' | 'finance' | 'seller' = 'officer',
  ) => t.post(`/api/v1/kyc/sellers/${id}/${what}`, { as, body: reason })

  it('sells nothing from the next request on, is told, and is back as he was', async () => {
    const as = 'buyer:shut'
    const { sellerId } = await v.selling(as)
    const { body: listing } = await t.post('/api/v1/listings', {
      as,
      body: {
        title: { ar: 'فحمات', en: 'Pads' },
        categoryId: 'brake-pads',
        partNumber: '1',
        price: { amount: 11_500 },
        stock: 5,
        status: 'ACTIVE',
      },
    })
    const found = async () => (await t.get(`/api/v1/listings?seller=${sellerId}`)).body.items.length
    expect(await found()).to.equal(1)
    expect((await v.ok(change('suspend', sellerId))).status).to.equal('SUSPENDED')
    await v.ok(change('suspend', sellerId, 'admin')) // again: nothing more
    expect(await found()).to.equal(0)
    expect((await order(t, [{ listingId: listing.id, quantity: 1 }])).body.code).to.equal('sellers.suspended')
    expect((await v.submit(as)).body.code).to.equal('sellers.suspended')
    expect((await t.post(`${v.me}/kyc/withdraw`, { as })).body.code).to.equal('sellers.suspended')

    expect((await v.ok(change('reinstate', sellerId))).status).to.equal('APPROVED')
    await v.ok(change('reinstate', sellerId))
    expect(await found()).to.equal(1)
    const rows = await t
      .owner('audit_log')
      .where({ object_id: sellerId })
      .whereIn('action', ['seller_suspended', 'seller_reinstated'])
      .orderBy('id')
    expect(rows.map(row => [row.action, row.details.reason])).to.deep.equal([
      ['seller_suspended', reason.reason],
      ['seller_reinstated', reason.reason],
    ])
    await t.settle()
    const { messages } = await inboxOf(t, (await t.accounts.account(as)).email)
    const subjects = messages.map(({ subject }) => subject)
    expect(subjects.filter(one => one === 'أُوقف متجرك' || one === 'عاد متجرك')).to.have.length(2)
  })

  it('goes back into the review he was in, whose officer decides nothing meanwhile', async () => {
    const { sellerId, caseId } = await v.quick('buyer:midway')
    await v.ok(v.claim(caseId))
    await v.ok(change('suspend', sellerId, 'admin'))
    expect((await v.approve(caseId)).body.code).to.equal('sellers.suspended')
    expect((await v.ok(change('reinstate', sellerId))).status).to.equal('IN_REVIEW')
    expect((await v.ok(v.approve(caseId))).status).to.equal('APPROVED')
  })

  it('whose approval ended meanwhile comes back without it; one of before this was kept by what is known', async () => {
    const { sellerId } = await v.selling('buyer:late')
    await v.ok(change('suspend', sellerId))
    t.clock.advance(days(201))
    await t.services.kycCalendar.expire()
    const { actor } = await t.accounts.account('officer')
    const back = await t.services.kycSuspension.reinstate(sellerId, 'over', actor)
    expect(back.seller.status).to.equal('EXPIRED')
    t.clock.reset()

    const { sellerId: old } = await v.selling('buyer:old')
    await t.owner('sellers').where({ id: old }).update({ status: 'SUSPENDED', suspended_from: null })
    expect((await t.services.kycSuspension.reinstate(old, 'known', actor)).seller.status).to.equal('APPROVED')
    const { sellerId: new_ } = await v.quick('buyer:neverseen')
    await t.owner('kyc_cases').where({ seller_id: new_ }).update({ status: 'WITHDRAWN' })
    await t.owner('sellers').where({ id: new_ }).update({ status: 'SUSPENDED', suspended_from: null })
    expect((await t.services.kycSuspension.reinstate(new_, 'known', actor)).seller.status).to.equal('DRAFT')
  })

  it('has no account changed, and is suspended by officers with a reason, never by himself', async () => {
    const as = 'buyer:paidout'
    const { sellerId, firm } = await v.selling(as)
    const wish = { iban: 'SA4420000001234567891234', holderName: firm.legalName }
    const { requestedAccount } = await v.ok(v.signed(as, `${v.me}/bank-account`, wish))
    await t.settle()
    for (const who of ['finance', 'seller'] as const)
      expect((await change('suspend', sellerId, who)).status).to.equal(403)
    const silent = await t.post(`/api/v1/kyc/sellers/${sellerId}/suspend`, {
      as: 'officer',
      body: { reason: ' ' },
    })
    expect(silent.body.errors[0].pointer).to.equal('#/reason')
    await v.ok(change('suspend', sellerId))
    const allowed = await v.signed('officer', `/api/v1/kyc/bank-accounts/${requestedAccount.id}/approve`, {})
    expect(allowed.body.code).to.equal('sellers.suspended')
    const { id } = await t.accounts.account(as)
    await t.owner('users').where({ id }).update({ role: 'officer', has_second_factor: true })
    const own = await t.post(`/api/v1/kyc/sellers/${sellerId}/reinstate`, { as, body: reason })
    expect(own.body.code).to.equal('kyc.own_change')
    expect((await change('suspend', '019a0000-0000-7000-8000-000000000000')).status).to.equal(404)
  })
})
