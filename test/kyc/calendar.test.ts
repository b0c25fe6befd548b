import { expect } from 'chai'
import { dayInRiyadh, days } from '../../api/platform/clock.js'
import { halalas } from '../../api/platform/money.js'
import { daysAfter } from '../../api/platform/saudi/hijri.js'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'
import { ADDRESS as TO } from '../support/shopping.js'
import { NATIONAL_ID, verifying } from '../support/verifying.js'

describe('when an approval ends', () => {
  const t = useContext()
  const v = verifying(t)
  const as = 'buyer:ends'
  let sellerId: string
  let listingId: string
  const actorOf = async (who: Parameters<typeof t.accounts.account>[0]) =>
    (await t.accounts.account(who)).actor
  const stateOf = async () => (await t.owner('sellers').where({ id: sellerId }).first('status')).status
  const found = async () => (await t.get(`/api/v1/listings?seller=${sellerId}`)).body.items.length
  const own = async () => {
    const { items } = await t.services.listings.mine({ limit: 20 }, await actorOf(as))
    return items.map(({ state }) => state)
  }
  const until = () =>
    t
      .owner('sellers')
      .where({ id: sellerId })
      .first('verified_until')
      .then(row => row.verified_until)

  before(async () => {
    sellerId = (await v.selling(as)).sellerId
    const made = await t.services.listings.create(
      {
        sku: null,
        titleAr: 'فحمات',
        titleEn: 'Pads',
        descriptionAr: '',
        descriptionEn: '',
        categoryId: 'brake-pads',
        fits: [],
        crossReferences: [],
        warrantyMonths: null,
        partNumber: '1',
        brand: '',
        condition: 'NEW',
        priceHalalas: halalas(100),
        stock: 5,
        status: 'ACTIVE',
      },
      await actorOf(as),
    )
    listingId = made.listing.id
  })
  after(() => t.clock.reset())

  it('that day is the first on which a paper is over, and a year away at most', async () => {
    // the ID of the helper ends in 200 days; nothing else has an end
    expect(await until()).to.equal(daysAfter(dayInRiyadh(t.clock.now()), 200))
  })

  it('he is reminded 60, 30, 7 days and a day before, each once, however often the job runs', async () => {
    const { email } = await t.accounts.account(as)
    const reminders = async () => {
      await t.services.kycCalendar.remind()
      await t.services.kycCalendar.remind()
      const { messages } = await inboxOf(t, email)
      return messages.filter(({ subject }) => subject === 'اقترب انتهاء اعتمادك').length
    }
    expect(await reminders()).to.equal(0)
    for (const [left, sent] of [
      [61, 0],
      [60, 1],
      [45, 1],
      [30, 2],
      [7, 3],
      [1, 4],
      [0, 4],
    ] as const) {
      const today = dayInRiyadh(t.clock.now())
      const gone = Math.round((Date.parse(await until()) - Date.parse(today)) / days(1)) - left
      t.clock.advance(days(gone))
      expect(await reminders(), `${left} days before`).to.equal(sent)
    }
  })

  it('is the day after its last one: what he sells is paused, to himself and to buyers, and nothing is lost', async () => {
    expect(await t.services.kycCalendar.expire()).to.equal(0)
    expect(await found()).to.equal(1)
    t.clock.advance(days(1))
    expect((await t.services.kycCalendar.due()).map(({ id }) => id)).to.deep.equal([sellerId])
    expect(await stateOf()).to.equal('APPROVED') // looking changes nothing
    expect(await t.services.kycCalendar.expire()).to.equal(1)
    expect(await t.services.kycCalendar.expire()).to.equal(0)
    expect(await stateOf()).to.equal('EXPIRED')

    expect(await found()).to.equal(0)
    expect((await t.get(`/api/v1/listings/${listingId}`)).status).to.equal(404)
    expect(await own()).to.deep.equal(['PAUSED'])
    expect((await t.owner('listings').where({ id: listingId }).first()).status).to.equal('ACTIVE')
    const cart = { lines: [{ listingId, quantity: 1 }], deliveryAddress: TO }
    const order = t.services.orders.place(cart, await actorOf('buyer'), crypto.randomUUID())
    expect(await order.catch(error => error.code)).to.equal('sellers.not_selling')
    const publish = t.services.listings.edit(listingId, { status: 'ACTIVE' }, await actorOf(as))
    expect(await publish.catch(error => error.code)).to.equal('sellers.not_approved')
    const { messages } = await inboxOf(t, (await t.accounts.account(as)).email)
    expect(messages.map(({ subject }) => subject)).to.include('انتهى اعتمادك')
    expect(
      await t.owner('audit_log').where({ object_id: sellerId, action: 'seller_expired' }),
    ).to.have.length(1)
  })

  it('a renewal brings everything back as it was', async () => {
    const actor = await actorOf(as)
    expect(
      (await t.services.kyc.submit('mine', '2026-02', actor).catch(error => error)).details.missing,
    ).to.deep.equal(['document.NATIONAL_ID.expired'])
    await t.services.kycPapers.attach('mine', await v.aPaper(actor, 'NATIONAL_ID', NATIONAL_ID, 2_000), actor)
    const { current, seller } = await t.services.kyc.submit('mine', '2026-02', actor)
    expect([seller.status, current?.kind]).to.deep.equal(['SUBMITTED', 'RENEWAL'])
    await t.settle()
    expect(await found()).to.equal(0)
    await v.decide(current?.id as string)
    expect(await stateOf()).to.equal('APPROVED')
    expect(await until()).to.equal(daysAfter(dayInRiyadh(t.clock.now()), 365))
    expect(await found()).to.equal(1)
    expect(await own()).to.deep.equal(['ACTIVE'])
  })

  it('a renewal that is under way then goes on from where it stands', async () => {
    const actor = await actorOf(as)
    const { current } = await t.services.kyc.submit('mine', '2026-02', actor)
    t.clock.advance(days(366))
    expect(await t.services.kycCalendar.expire()).to.equal(1)
    expect(await stateOf()).to.equal('SUBMITTED')
    expect(await found()).to.equal(0)
    await t.services.kyc.withdraw('mine', actor)
    expect(await stateOf()).to.equal('EXPIRED')
    expect(current?.kind).to.equal('RENEWAL')
  })
})

describe('when registers are asked again', () => {
  const t = useContext()
  const v = verifying(t)
  afterEach(() => t.clock.reset())

  it('what they deny by now goes to an officer; his refusal ends the approval', async () => {
    const { sellerId, firm } = await v.selling('buyer:struck')
    await v.selling('buyer:fine')
    expect(await t.services.kycCalendar.recheck()).to.equal(0)
    t.clock.advance(days(31))
    t.sandbox.control.firms.set(firm.crNumber, { status: 'cancelled' })
    expect(await t.services.kycCalendar.recheck()).to.equal(2)
    expect(await t.services.kycCalendar.recheck()).to.equal(0)
    const raised = await t.owner('kyc_cases').where({ kind: 'RECHECK' })
    expect(raised.map(row => [row.seller_id, row.status])).to.deep.equal([[sellerId, 'SUBMITTED']])
    expect((await t.owner('sellers').where({ id: sellerId }).first('status')).status).to.equal('APPROVED')
    expect(t.log.of('kyc_raised')).to.have.length(1)
    const { actor } = await t.accounts.account('officer')
    await t.services.kycReview.claim(raised[0].id, actor)
    await t.services.kycReview.reject(raised[0].id, [{ code: 'REGISTRATION_INACTIVE' }], actor)
    expect((await t.owner('sellers').where({ id: sellerId }).first('status')).status).to.equal('REJECTED')
  })
})
