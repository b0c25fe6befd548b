import { expect } from 'chai'
import { createKycChecks } from '../../api/modules/kyc/kyc-checks.js'
import { createKycStore } from '../../api/modules/kyc/kyc-store.js'
import { offline } from '../../api/modules/kyc/registries/offline.js'
import type { Finding } from '../../api/modules/kyc/registries/registry.js'
import { system } from '../../api/platform/actor.js'
import { days, minutes } from '../../api/platform/clock.js'
import { createSealer } from '../../api/platform/sealer.js'
import { useContext } from '../support/context.js'
import { aFirm, ibanOf, NATIONAL_ID, verifying } from '../support/verifying.js'

describe('the checks of a seller', () => {
  const t = useContext()
  const v = verifying(t)
  afterEach(() => t.clock.reset())
  const officer = async () => (await t.accounts.account('officer')).actor
  const verdicts = async (sellerId: string) => {
    const file = await t.services.kyc.file({ seller: sellerId }, await officer())
    return Object.fromEntries(
      t.services.kycChecks.standings(file).map(({ kind, verdict }) => [kind, verdict]),
    )
  }
  const run = (sellerId: string) => t.services.kycChecks.run(sellerId, system('test'))
  let running: Promise<unknown> = Promise.resolve()
  const withNumber = (crNumber: string) => ({ ...aFirm(), crNumber })

  it('that a register denies are not to be vouched for, nor approved over', async () => {
    const { caseId, sellerId } = await v.quick('buyer:struck')
    const { cr_number } = await t.owner('sellers').where({ id: sellerId }).first('cr_number')
    t.sandbox.control.firms.set(cr_number, { status: 'cancelled' })
    await run(sellerId)
    expect((await verdicts(sellerId)).COMMERCIAL_REGISTRATION).to.equal('REJECTED')
    await v.ok(v.claim(caseId))
    expect((await v.approve(caseId)).body.checks).to.deep.equal([
      { kind: 'COMMERCIAL_REGISTRATION', verdict: 'REJECTED' },
    ])
    const vouched = [{ check: 'COMMERCIAL_REGISTRATION', evidence: 'he is a friend' }]
    expect((await v.approve(caseId, 'officer', vouched)).body.code).to.equal('kyc.check_refused')
    const papers = [{ check: 'DOCUMENTS', evidence: 'they are fine' }]
    expect((await v.approve(caseId, 'officer', papers)).status).to.equal(409)
    // put right at the ministry
    t.sandbox.control.firms.set(cr_number, { status: 'active' })
    await run(sellerId)
    expect((await verdicts(sellerId)).COMMERCIAL_REGISTRATION).to.equal('VERIFIED')
  })

  it('a register that is away says neither yes nor no, and takes no yes back', async () => {
    const { sellerId } = await v.quick('buyer:away', withNumber('1010222203'))
    const known = await t.owner('sellers').where({ id: sellerId }).first('cr_number')
    expect((await verdicts(sellerId)).COMMERCIAL_REGISTRATION).to.equal('VERIFIED') // the tester named it
    await t.sandbox.control.reset() // now its last digits speak: the register fails
    await run(sellerId)
    expect((await verdicts(sellerId)).COMMERCIAL_REGISTRATION).to.equal('VERIFIED')
    const rows = await t
      .owner('kyc_checks')
      .where({ seller_id: sellerId, kind: 'COMMERCIAL_REGISTRATION' })
      .orderBy('id')
    expect(rows.map(({ verdict }) => verdict)).to.deep.equal(['VERIFIED', 'UNAVAILABLE'])
    expect(known.cr_number).to.equal('1010222203')
    // and where there was no yes, it is what an officer sees
    t.clock.advance(days(91))
    expect((await verdicts(sellerId)).COMMERCIAL_REGISTRATION).to.equal('UNAVAILABLE')
  })

  it('a yes stands however often a register has been away since', async () => {
    const { sellerId } = await v.quick('buyer:often', withNumber('1010222103'))
    await t.sandbox.control.reset()
    for (let n = 0; n < 22; n++) await run(sellerId)
    expect(await t.owner('kyc_checks').where({ seller_id: sellerId })).to.have.length(23 * 5)
    expect(await verdicts(sellerId)).to.include({
      COMMERCIAL_REGISTRATION: 'VERIFIED',
      BANK_ACCOUNT: 'VERIFIED',
    })
  })

  it('that are awaited are asked for again, within the hour while somebody waits for the decision', async () => {
    const { iban } = aFirm()
    const pending = { ...aFirm(), iban: ibanOf(`10${iban.slice(6, -2)}01`) }
    const { sellerId } = await v.quick('buyer:waits', pending)
    expect((await verdicts(sellerId)).BANK_ACCOUNT).to.equal('PENDING')
    const asked = async () =>
      (await t.owner('kyc_checks').where({ seller_id: sellerId, kind: 'BANK_ACCOUNT' })).length
    await t.services.kycCalendar.recheck()
    expect(await asked()).to.equal(1)
    t.clock.advance(minutes(60))
    await t.services.kycCalendar.recheck()
    expect(await asked()).to.equal(2)
    await t.services.kycCalendar.recheck()
    expect(await asked()).to.equal(2)
  })

  it('of the papers say of each what was found, and hold until the first is over', async () => {
    const as = 'buyer:sorted'
    const { firm, sellerId } = await v.quick(as)
    const papers = async () => {
      const file = await t.services.kyc.file({ seller: sellerId }, await officer())
      return t.services.kycChecks.standings(file).find(({ kind }) => kind === 'DOCUMENTS')
    }
    expect((await papers())?.check?.evidence).to.deep.equal({
      COMMERCIAL_REGISTRATION: 'fits',
      VAT_CERTIFICATE: 'fits',
      NATIONAL_ID: 'fits',
      BANK_LETTER: 'fits',
    })
    t.clock.advance(days(200))
    expect((await papers())?.verdict).to.equal('VERIFIED')
    t.clock.advance(days(1))
    expect((await papers())?.verdict).to.equal(null)
    const { actor } = await t.accounts.account(as)
    await t.services.kyc.withdraw('mine', actor)
    await t.services.kyc.edit('mine', { vatNumber: aFirm().vatNumber }, actor)
    await run(sellerId)
    expect(await papers()).to.deep.include({ verdict: 'REJECTED' })
    expect((await papers())?.check?.evidence).to.deep.equal({
      COMMERCIAL_REGISTRATION: 'fits',
      VAT_CERTIFICATE: 'another number',
      NATIONAL_ID: 'expired',
      BANK_LETTER: 'fits',
    })
    expect(firm.crNumber).to.be.a('string')
  })

  it('are run by nobody but officers and ourselves', async () => {
    const { sellerId } = await v.quick('buyer:runs')
    const { actor } = await t.accounts.account('buyer:runs')
    for (const attempt of [
      t.services.kycChecks.run(sellerId, actor),
      t.services.bankAccounts.waiting(1, actor),
      t.services.kycSuspension.suspend(sellerId, 'because', actor),
    ])
      expect(await attempt.catch(error => error.code)).to.equal('auth.forbidden')
  })

  it('hold for the values they were about, and no others', async () => {
    const as = 'buyer:changes'
    const { sellerId } = await v.selling(as)
    expect(await verdicts(sellerId)).to.deep.equal({
      COMMERCIAL_REGISTRATION: 'VERIFIED',
      VAT_NUMBER: 'VERIFIED',
      NATIONAL_ID: 'VERIFIED',
      BANK_ACCOUNT: 'VERIFIED',
      DOCUMENTS: 'VERIFIED',
    })
    const { actor } = await t.accounts.account(as)
    await t.services.kyc.edit('mine', { nationalId: '1001244019' }, actor)
    const changed = await verdicts(sellerId)
    expect(changed).to.include({ NATIONAL_ID: null, DOCUMENTS: null, COMMERCIAL_REGISTRATION: 'VERIFIED' })
    await t.services.kyc.edit('mine', { nationalId: NATIONAL_ID }, actor)
    expect((await verdicts(sellerId)).NATIONAL_ID).to.equal('VERIFIED')
  })

  it('an answer about what was changed while it was on its way is dropped', async () => {
    const as = 'buyer:races'
    await v.prepared(as)
    const { sellerId } = await v.mine(as)
    const { actor } = await t.accounts.account(as)
    let answer = (_: Finding) => {}
    const asked = new Promise<void>(hasAsked => {
      const slow = () => {
        hasAsked()
        return new Promise<Finding>(resolve => {
          answer = resolve
        })
      }
      const { db, clock, services } = t.context
      const key = () => t.env.PAYMENT_ENCRYPTION_KEY as string
      const { sellers, audit } = services
      const store = createKycStore({ db, sellers, seals: createSealer(key, 'kyc'), subjectKey: key })
      const registries = { ...offline, commercialRegistration: slow }
      running = createKycChecks({ db, clock, audit, sellers, store, registries }).run(
        sellerId,
        system('test'),
      )
    })
    await asked
    await t.services.kyc.edit('mine', { crNumber: aFirm().crNumber }, actor)
    answer({ verdict: 'VERIFIED', source: 'late', evidence: {}, expiresAt: null })
    await running
    expect(await t.owner('kyc_checks').where({ seller_id: sellerId }).pluck('kind')).to.have.members([
      // the account is the firm's of that number, and the papers show it: both are about another one now
      'VAT_NUMBER',
      'NATIONAL_ID',
    ])
  })

  it('are run by the worker once it is handed in, and again by an officer', async () => {
    const { sellerId } = await v.quick('buyer:asked')
    const count = async () => (await t.owner('kyc_checks').where({ seller_id: sellerId })).length
    expect(await count()).to.equal(5)
    const view = await v.ok(t.post(`/api/v1/kyc/sellers/${sellerId}/checks`, { as: 'officer' }))
    expect(await count()).to.equal(10)
    expect(view.checks[0]).to.include({ source: 'wathq' })
    expect(view.checks[0].evidence.nameMatches).to.equal(true)
    const officerId = (await t.accounts.account('officer')).id
    expect(view.checks[0].checkedBy).to.equal(`user:${officerId}`)
    // what an officer decides by is not for the seller's screen
    expect((await v.mine('buyer:asked')).checks[0]).to.have.all.keys('kind', 'verdict')
    expect((await t.post(`/api/v1/kyc/sellers/${sellerId}/checks`, { as: 'seller' })).status).to.equal(403)
  })
})
