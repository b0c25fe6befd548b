import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'
import { ADDRESS, aFirm, NATIONAL_ID, VOUCHED, verifying } from '../support/verifying.js'

describe('a seller who is verified', () => {
  const t = useContext()
  const v = verifying(t)
  const listing = (status: string) => ({
    title: { ar: 'فحمات', en: 'Pads' },
    categoryId: 'brake-pads',
    partNumber: '04465-33480',
    price: { amount: 11_500 },
    stock: 5,
    status,
  })

  it('goes from registration to publishing', async () => {
    const as = 'buyer:walks'
    const firm = await v.prepared(as)
    const before = await v.mine(as)
    expect(before).to.include({ status: 'DRAFT', case: null })
    expect(before.missing).to.deep.equal([])
    // what he prepares is his alone until then
    await v.ok(t.post('/api/v1/listings', { as, body: listing('DRAFT') }), 201)
    expect((await t.post('/api/v1/listings', { as, body: listing('ACTIVE') })).body.code).to.equal(
      'sellers.not_approved',
    )

    const handedIn = await v.ok(v.submit(as))
    expect(handedIn.status).to.equal('SUBMITTED')
    expect(handedIn.case).to.include({ kind: 'ONBOARDING', status: 'SUBMITTED', consentVersion: '2026-01' })
    await t.settle()
    const { checks } = await v.mine(as)
    expect(
      Object.fromEntries(checks.map((c: { kind: string; verdict: string }) => [c.kind, c.verdict])),
    ).to.deep.equal({
      COMMERCIAL_REGISTRATION: 'VERIFIED',
      VAT_NUMBER: 'FORMAT_ONLY',
      NATIONAL_ID: 'FORMAT_ONLY',
      BANK_ACCOUNT: 'VERIFIED',
      DOCUMENTS: 'VERIFIED',
    })

    const caseId = handedIn.case.id
    expect((await v.ok(v.claim(caseId))).status).to.equal('IN_REVIEW')
    // a good format is no proof: the officer says what he knows it by
    const unproven = await v.approve(caseId, 'officer', [])
    expect(unproven.status).to.equal(409)
    expect(unproven.body).to.deep.include({
      code: 'kyc.unverified',
      checks: [
        { kind: 'VAT_NUMBER', verdict: 'FORMAT_ONLY' },
        { kind: 'NATIONAL_ID', verdict: 'FORMAT_ONLY' },
      ],
    })
    const done = await v.ok(v.approve(caseId))
    expect(done.status).to.equal('APPROVED')
    expect(done.verifiedUntil).to.have.keys('gregorian', 'hijri')
    expect(done.bankAccount).to.include({ status: 'ACTIVE', iban: firm.iban })
    expect(done.requestedAccount).to.equal(null)

    await v.ok(t.post('/api/v1/listings', { as, body: listing('ACTIVE') }), 201)
    expect((await t.get(`/api/v1/listings?seller=${done.sellerId}`)).body.items).to.have.length(1)

    const actions = await t
      .owner('audit_log')
      .where({ object_id: done.sellerId })
      .orderBy('id')
      .pluck('action')
    expect(actions).to.include.members(['seller_applied', 'kyc_submitted', 'kyc_claimed', 'seller_onboarded'])
    expect(t.log.of('seller_onboarded').map(({ fields }) => fields.sellerId)).to.deep.equal([done.sellerId])
    const { messages } = await inboxOf(t, (await t.accounts.account(as)).email)
    expect(messages.map(({ subject }) => subject)).to.include('اعتُمد حسابك بائعًا')
  })

  it('hears of nothing to strangers before anybody has looked at him', async () => {
    await v.prepared('buyer:unseen')
    const { sellerId } = await v.mine('buyer:unseen')
    expect((await t.get(`/api/v1/sellers/${sellerId}`)).status).to.equal(404)
    for (const as of ['buyer:unseen', 'officer'] as const)
      expect((await t.get(`/api/v1/sellers/${sellerId}`, { as })).status).to.equal(200)
  })

  it('is told all that is missing, and hands in nothing before', async () => {
    const as = 'buyer:hasty'
    await v.ok(t.post('/api/v1/sellers', { as, body: { ...aFirm(), iban: undefined } }), 201)
    const answer = await v.submit(as)
    expect(answer.status).to.equal(409)
    expect(answer.body.code).to.equal('kyc.incomplete')
    expect(answer.body.missing).to.deep.equal([
      'profile.holderName',
      'profile.nationalId',
      'profile.address',
      'bankAccount',
      'document.COMMERCIAL_REGISTRATION',
      'document.VAT_CERTIFICATE',
      'document.NATIONAL_ID',
      'document.BANK_LETTER',
    ])
    expect((await v.mine(as)).status).to.equal('DRAFT')
  })

  it('whose number differs from its paper is told so', async () => {
    const as = 'buyer:differs'
    await v.prepared(as)
    await v.ok(t.patch(`${v.me}/kyc`, { as, body: { crNumber: aFirm().crNumber } }))
    expect((await v.mine(as)).missing).to.deep.equal(['document.COMMERCIAL_REGISTRATION.number'])
    expect((await v.submit(as)).body.code).to.equal('kyc.incomplete')
  })

  it('without VAT needs no certificate', async () => {
    const firm = { ...aFirm(), vatNumber: null as unknown as string }
    const { caseId } = await v.quick('buyer:small', firm)
    await v.ok(v.claim(caseId))
    const done = await v.ok(v.approve(caseId, 'officer', VOUCHED.slice(1)))
    expect(done.checks.map(({ kind }: { kind: string }) => kind)).to.not.include('VAT_NUMBER')
    expect(done.status).to.equal('APPROVED')
  })

  it('hands in once, however often he sends it; changes nothing meanwhile; and may take it back', async () => {
    const as = 'buyer:twice'
    const { caseId } = await v.quick(as)
    expect((await v.ok(v.submit(as))).case.id).to.equal(caseId)
    for (const change of [
      t.patch(`${v.me}/kyc`, { as, body: { city: 'جدة' } }),
      v.paper(as, 'NATIONAL_ID', NATIONAL_ID),
      v.signed(as, `${v.me}/bank-account`, { iban: aFirm().iban, holderName: 'x' }),
    ])
      expect((await change).body.code).to.equal('kyc.locked')
    const back = await v.ok(t.post(`${v.me}/kyc/withdraw`, { as }))
    expect(back).to.deep.include({ status: 'DRAFT' })
    expect(back.case.status).to.equal('WITHDRAWN')
    expect((await t.post(`${v.me}/kyc/withdraw`, { as })).body.code).to.equal('kyc.nothing_submitted')
    const again = await v.ok(v.submit(as))
    expect(again.case.id).to.not.equal(caseId)
    await v.ok(v.claim(again.case.id))
    expect((await t.post(`${v.me}/kyc/withdraw`, { as })).body.code).to.equal('kyc.wrong_state')
  })

  it('reads the reasons of a refusal in both languages, mends it, and is approved', async () => {
    const as = 'buyer:refused'
    const { caseId, firm } = await v.quick(as)
    await v.ok(v.claim(caseId))
    expect((await v.reject(caseId, [{ code: 'OTHER' }])).body.errors[0].pointer).to.equal('#/reasons/0/note')
    expect((await v.reject(caseId, [])).status).to.equal(422)
    const note = { ar: 'صورة الهوية مقطوعة.', en: 'The ID is cut off.' }
    await v.ok(
      v.reject(caseId, [
        { code: 'DOCUMENT_UNREADABLE', note },
        { code: 'OTHER', note },
      ]),
    )
    const { status, case: refused } = await v.mine(as)
    expect(status).to.equal('REJECTED')
    expect(refused.reasons[0].code).to.equal('DOCUMENT_UNREADABLE')
    expect(refused.reasons[0].text.en).to.equal(
      'A document cannot be read: send a clearer picture. The ID is cut off.',
    )
    expect(refused.reasons[0].text.ar).to.include('غير واضح').and.include('مقطوعة')
    expect(refused.reasons[1].text).to.deep.equal(note)

    await v.ok(v.paper(as, 'NATIONAL_ID', NATIONAL_ID))
    const { case: second } = await v.ok(v.submit(as))
    await t.settle()
    await v.ok(v.claim(second.id))
    const done = await v.ok(v.approve(second.id))
    expect(done.status).to.equal('APPROVED')
    expect(done.bankAccount.iban).to.equal(firm.iban)
  })

  it('is decided upon by the one officer who took the case, and by nobody twice', async () => {
    const { caseId } = await v.quick('buyer:contested')
    expect((await v.approve(caseId)).body.code).to.equal('kyc.wrong_state')
    await v.ok(v.claim(caseId))
    await v.ok(v.claim(caseId)) // again, by the same
    expect((await v.claim(caseId, 'officer:2')).body.code).to.equal('kyc.taken')
    expect((await v.approve(caseId, 'officer:2')).body.code).to.equal('kyc.not_yours')
    await v.ok(v.claim(caseId, 'officer:2', { takeOver: true }))
    const all = await Promise.all(Array.from({ length: 4 }, () => v.approve(caseId, 'officer:2')))
    expect(all.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200])
    expect((await v.approve(caseId, 'officer')).body.code).to.equal('kyc.wrong_state')
    expect((await v.reject(caseId, [{ code: 'NAME_MISMATCH' }], 'officer:2')).body.code).to.equal(
      'kyc.wrong_state',
    )
    const onboarded = await t
      .owner('audit_log')
      .where({ action: 'seller_onboarded' })
      .whereRaw('details @> ?', [{ caseId }])
    expect(onboarded).to.have.length(1)
  })

  it('is nobody that an officer made of himself', async () => {
    const as = 'buyer:insider'
    const { caseId } = await v.quick(as)
    // a seller who became staff meanwhile
    const { id } = await t.accounts.account(as)
    await t.owner('users').where({ id }).update({ role: 'officer', has_second_factor: true })
    await v.ok(v.claim(caseId, as))
    expect((await v.approve(caseId, as)).body.code).to.equal('kyc.own_change')
    expect((await v.reject(caseId, [{ code: 'NAME_MISMATCH' }], as)).body.code).to.equal('kyc.own_change')
    await t.owner('users').where({ id }).update({ role: 'seller' })
    expect((await v.mine(as)).status).to.equal('IN_REVIEW')
  })

  it('is nobody that an officer entered, though others wrote in the file after him', async () => {
    const as = 'buyer:entered'
    const { sellerId } = await v.quick(as).then(async made => {
      const { actor } = await t.accounts.account(as)
      await t.services.kyc.withdraw('mine', actor)
      return made
    })
    const { actor: officer } = await t.accounts.account('officer:3')
    const { actor: owner } = await t.accounts.account(as)
    await t.services.kyc.edit({ seller: sellerId }, { holderName: 'من عند الموظف' }, officer)
    await t.services.kyc.edit('mine', { city: 'جدة' }, owner)
    const { current } = await t.services.kyc.submit('mine', '2026-01', owner)
    await t.settle()
    await v.ok(v.claim(current?.id as string, 'officer:3'))
    expect((await v.approve(current?.id as string, 'officer:3')).body.code).to.equal('kyc.own_change')
    await v.ok(v.claim(current?.id as string, 'officer', { takeOver: true }))
    await v.ok(v.approve(current?.id as string))
    // what was reviewed is what his tax documents state, until he says otherwise
    const { shortAddress: _, ...stated } = ADDRESS
    expect((await v.ok(t.get(`${v.me}/address`, { as }))).address).to.deep.equal(stated)
  })

  it('who renews sells on meanwhile, and is read under his new facts only when they are approved', async () => {
    const as = 'buyer:renews'
    const { sellerId, firm } = await v.selling(as)
    const legalName = 'شركة الاسم الجديد المحدودة'
    await v.ok(
      t.patch(`${v.me}/kyc`, { as, body: { legalName, address: { ...ADDRESS, district: 'العليا' } } }),
    )
    const { case: renewal, status } = await v.ok(v.submit(as))
    expect({ kind: renewal.kind, status }).to.deep.equal({ kind: 'RENEWAL', status: 'APPROVED' })
    expect((await t.get(`/api/v1/sellers/${sellerId}`)).body.legalName).to.equal(firm.legalName)
    await v.ok(t.post('/api/v1/listings', { as, body: listing('ACTIVE') }), 201)
    await t.settle()
    await v.ok(v.claim(renewal.id))
    await v.ok(v.approve(renewal.id))
    expect((await t.get(`/api/v1/sellers/${sellerId}`)).body.legalName).to.equal(legalName)
    expect(t.log.of('seller_onboarded').filter(({ fields }) => fields.sellerId === sellerId)).to.have.length(
      1,
    )

    // a renewal that is refused takes nothing away
    const { case: next } = await v.ok(v.submit(as))
    await v.ok(v.claim(next.id))
    await v.ok(v.reject(next.id, [{ code: 'NAME_MISMATCH' }]))
    expect((await v.mine(as)).status).to.equal('APPROVED')
  })

  it('shares no CR number with another, not by an edit either', async () => {
    const { crNumber } = await v.prepared('buyer:original')
    await v.prepared('buyer:copy')
    const answer = await t.patch(`${v.me}/kyc`, { as: 'buyer:copy', body: { crNumber } })
    expect(answer.body.code).to.equal('sellers.identifier_taken')
    expect((await v.mine('buyer:copy')).profile.crNumber).to.not.equal(crNumber)
  })
})

describe('the queue of officers', () => {
  const t = useContext()
  const v = verifying(t)

  it('is oldest first, page by page, and tells what is being looked at', async () => {
    const made = []
    for (const n of [1, 2, 3]) made.push((await v.quick(`buyer:${n}`)).caseId)
    await v.ok(v.claim(made[1] as string))
    const page = async (query: string) => v.ok(t.get(`/api/v1/kyc/cases?${query}`, { as: 'officer' }))
    const ids = ({ items }: { items: { id: string }[] }) => items.map(({ id }) => id)
    const first = await page('limit=2')
    expect(ids(first)).to.deep.equal(made.slice(0, 2))
    expect(ids(await page(`limit=2&cursor=${first.nextCursor}`))).to.deep.equal(made.slice(2))
    expect(ids(await page('status=IN_REVIEW'))).to.deep.equal([made[1]])
    expect(
      (await t.get(`/api/v1/kyc/cases?status=SUBMITTED&cursor=${first.nextCursor}`, { as: 'officer' })).body
        .code,
    ).to.equal('request.bad_cursor')
  })

  it('is for officers and admins', async () => {
    for (const as of ['buyer', 'seller', 'finance'] as const)
      expect((await t.get('/api/v1/kyc/cases', { as })).status, as).to.equal(403)
    expect((await t.get('/api/v1/kyc/cases', { as: 'admin' })).status).to.equal(200)
  })
})
