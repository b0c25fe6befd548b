import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'
import { ibanOf, verifying } from '../support/verifying.js'

let serial = 0
const another = (ending = '77') => ibanOf(`10${String(++serial).padStart(16, '0')}${ending}`)

describe('a change of the account a seller is paid out to', () => {
  const t = useContext()
  const v = verifying(t)
  const as = 'buyer:paid'
  const path = `${v.me}/bank-account`
  let sellerId: string
  before(async () => {
    sellerId = (await v.selling(as)).sellerId
  })
  const request = (iban: string, who: Parameters<typeof v.signed>[0] = as) =>
    v.signed(who, who === as ? path : `/api/v1/kyc/sellers/${sellerId}/bank-account`, {
      iban,
      holderName: 'شركة',
    })
  const approve = (id: string, who: 'officer' | 'officer:2' | 'admin' = 'officer', body: object = {}) =>
    v.signed(who, `/api/v1/kyc/bank-accounts/${id}/approve`, body)
  const active = async () =>
    (await v.ok(t.get(`/api/v1/kyc/sellers/${sellerId}`, { as: 'officer' }))).bankAccount.iban

  it('wants a signed operation of whoever asks and of whoever allows', async () => {
    const body = { iban: another(), holderName: 'شركة' }
    expect((await t.post(path, { as, body })).body.code).to.equal('operations.token_needed')
    const { requestedAccount } = await v.ok(request(another()))
    const unsigned = await t.post(`/api/v1/kyc/bank-accounts/${requestedAccount.id}/approve`, {
      as: 'officer',
      body: {},
    })
    expect(unsigned.body.code).to.equal('operations.token_needed')
  })

  it('changes nothing before another person allows it, and tells the seller twice', async () => {
    const [before, iban] = [await active(), another()]
    const { requestedAccount, bankAccount } = await v.ok(request(iban))
    expect(requestedAccount).to.include({ status: 'REQUESTED' })
    expect(requestedAccount.iban).to.equal(`${iban.slice(0, 4)} •••• ${iban.slice(-4)}`)
    expect(bankAccount.iban).to.include(before.slice(-4))
    expect(await active()).to.equal(before)
    await t.settle() // the bank is asked whose it is
    const { items } = await v.ok(t.get('/api/v1/kyc/bank-accounts', { as: 'officer' }))
    expect(items.map(({ id }: { id: string }) => id)).to.deep.equal([requestedAccount.id])
    await v.ok(approve(requestedAccount.id))
    await v.ok(approve(requestedAccount.id)) // a repeat
    expect(await active()).to.equal(iban)
    const { messages } = await inboxOf(t, (await t.accounts.account(as)).email)
    expect(messages.map(({ subject }) => subject)).to.include.members([
      'طلب تغيير حسابك البنكي',
      'تغيّر حسابك البنكي',
    ])
    expect(await t.owner('bank_accounts').where({ seller_id: sellerId, status: 'ACTIVE' })).to.have.length(1)
  })

  it('is not allowed by the officer who asked for it', async () => {
    const iban = another()
    const { requestedAccount } = await v.ok(request(iban, 'officer'))
    await t.settle()
    const own = await approve(requestedAccount.id, 'officer')
    expect(own.status).to.equal(403)
    expect(own.body.code).to.equal('kyc.own_change')
    const refusal = { reasons: [{ code: 'ACCOUNT_NOT_OWNED' }] }
    const path = `/api/v1/kyc/bank-accounts/${requestedAccount.id}/reject`
    expect((await t.post(path, { as: 'officer', body: refusal })).body.code).to.equal('kyc.own_change')
    expect(await active()).to.not.equal(iban)
    await v.ok(approve(requestedAccount.id, 'officer:2'))
    expect(await active()).to.equal(iban)
  })

  it('is not allowed by the officer whose letter it stands on', async () => {
    const iban = another()
    const { requestedAccount } = await v.ok(request(iban))
    await t.settle()
    const { actor } = await t.accounts.account('officer')
    const { actor: owner } = await t.accounts.account(as)
    const letter = await v.aPaper(owner, 'BANK_LETTER', iban)
    await t.services.kycPapers.attach({ seller: sellerId }, letter, actor)
    expect((await approve(requestedAccount.id, 'officer')).body.code).to.equal('kyc.own_change')
    await v.ok(approve(requestedAccount.id, 'officer:2'))
  })

  it('by one person alone is refused by the database itself', async () => {
    const { requestedAccount } = await v.ok(request(another(), 'officer'))
    const { requested_by } = await t
      .owner('bank_accounts')
      .where({ id: requestedAccount.id })
      .first('requested_by')
    const alone = { status: 'ACTIVE', decided_by: requested_by, decided_at: new Date() }
    const refused = await t
      .owner('bank_accounts')
      .where({ id: requestedAccount.id })
      .update(alone)
      .catch(error => error)
    expect(refused.code).to.equal('23514')
  })

  it('waits until it is shown whose the account is', async () => {
    for (const [ending, verdict] of [
      ['00', 'REJECTED'],
      ['01', 'PENDING'],
    ] as const) {
      const { requestedAccount } = await v.ok(request(another(ending)))
      await t.settle()
      const answer = await approve(requestedAccount.id)
      expect(answer.body).to.deep.include({
        code: 'kyc.unverified',
        checks: [{ kind: 'BANK_ACCOUNT', verdict }],
      })
      const vouched = await approve(requestedAccount.id, 'officer', { evidence: 'letter confirmed by phone' })
      // what the bank denies is not to be vouched for; what it does not say yet is
      expect(vouched.status).to.equal(verdict === 'REJECTED' ? 409 : 200)
    }
  })

  it('may be wished anew: the last wish counts; and be refused with reasons', async () => {
    const [first, second] = [await v.ok(request(another())), await v.ok(request(another()))]
    expect((await approve(first.requestedAccount.id)).body.code).to.equal('kyc.wrong_state')
    const path = `/api/v1/kyc/bank-accounts/${second.requestedAccount.id}/reject`
    const refused = await v.ok(
      t.post(path, { as: 'officer', body: { reasons: [{ code: 'ACCOUNT_NOT_OWNED' }] } }),
    )
    expect(refused.requestedAccount).to.equal(null)
  })

  it('is one, whoever allows it at the same time', async () => {
    const { requestedAccount } = await v.ok(request(another()))
    await t.settle()
    const all = await Promise.all(
      (['officer', 'officer:2', 'admin'] as const).map(who => approve(requestedAccount.id, who)),
    )
    expect(all.map(({ status }) => status).sort()).to.deep.equal([200, 409, 409])
  })

  it('of a first account goes with the case', async () => {
    const made = await v.quick('buyer:first')
    const view = await v.ok(t.get(`/api/v1/kyc/sellers/${made.sellerId}`, { as: 'officer' }))
    expect((await approve(view.requestedAccount.id)).body.code).to.equal('kyc.first_account')
    expect((await t.get(`/api/v1/kyc/bank-accounts`, { as: 'finance' })).status).to.equal(403)
  })
})
