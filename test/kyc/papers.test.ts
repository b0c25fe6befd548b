import { expect } from 'chai'
import sharp from 'sharp'
import { dayInRiyadh, days } from '../../api/platform/clock.js'
import { daysAfter, hijriOf } from '../../api/platform/saudi/hijri.js'
import { useContext } from '../support/context.js'
import { NATIONAL_ID, PDF, verifying } from '../support/verifying.js'

const picture = (side: number) =>
  sharp({ create: { width: side, height: side, channels: 3, background: { r: 90, g: 90, b: 90 } } })
const PNG_HEAD = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')

describe("a seller's document", () => {
  const t = useContext()
  const v = verifying(t)
  const as = 'buyer:holder'
  let firm: Awaited<ReturnType<typeof v.prepared>>
  before(async () => {
    firm = await v.prepared(as)
  })
  afterEach(() => t.clock.reset())
  const today = () => dayInRiyadh(t.clock.now())

  it('is what its bytes say, whatever it is called', async () => {
    const png = await picture(9).png().toBuffer()
    expect((await v.file(as, png, 'scan.png', 'image/png')).body).to.include({
      type: 'image/png',
      name: 'scan.png',
    })
    for (const [bytes, type, detail] of [
      [Buffer.from('<!doctype html><script>1</script>'), 'image/png', /JPEG, PNG, WebP or PDF/],
      [png, 'image/jpeg', /not of the kind/],
      [Buffer.alloc(0), 'image/png', /empty/],
    ] as const) {
      const answer = await v.file(as, bytes, 'x.png', type)
      expect(answer.status).to.equal(422)
      expect(answer.body.errors[0].detail).to.match(detail)
    }
    expect((await v.file(as, PDF, 'x.html', 'text/html')).status).to.equal(415)
    expect((await v.file(as, Buffer.concat([PDF, Buffer.alloc(10 * 1024 * 1024)]))).status).to.equal(413)
    const named = await v.file(as, PDF, '../../etc/cron.d/x')
    expect(named.body.name).to.equal('x')
  })

  it('opens to its end, and bursts nothing', async () => {
    const jpeg = await picture(300).jpeg().toBuffer()
    const bomb = await picture(12_000).png({ compressionLevel: 9 }).toBuffer()
    expect(bomb.length).to.be.below(1_000_000)
    for (const [what, bytes, type] of [
      [
        'a page behind the first bytes of a PNG',
        Buffer.concat([PNG_HEAD, Buffer.from('<script>')]),
        'image/png',
      ],
      ['half a JPEG', jpeg.subarray(0, jpeg.length / 2), 'image/jpeg'],
      ['a cut WebP', (await picture(300).webp().toBuffer()).subarray(0, 60), 'image/webp'],
      ['a picture that unpacks to half a gigabyte', bomb, 'image/png'],
      [
        'a PDF without an end',
        Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(2_000)]),
        'application/pdf',
      ],
    ] as const) {
      const answer = await v.file(as, bytes, 'x', type)
      expect(answer.status, what).to.equal(422)
      expect(answer.body.errors[0].detail, what).to.match(/cannot be read to its end/)
    }
    for (const format of ['jpeg', 'png', 'webp'] as const)
      await v.ok(v.file(as, await picture(40)[format]().toBuffer(), 'x', `image/${format}`), 201)
  }).timeout(20_000)

  it('has its dates in either calendar, and shows both', async () => {
    const [issuedOn, expiresOn] = [daysAfter(today(), -400), daysAfter(today(), 100)]
    const arabic = hijriOf(expiresOn).replace(/\d/g, digit => '٠١٢٣٤٥٦٧٨٩'[Number(digit)] as string)
    const answer = await v.paper(as, 'NATIONAL_ID', NATIONAL_ID, {
      issuedOn: hijriOf(issuedOn),
      expiresOn: arabic,
    })
    const shown = (await v.ok(Promise.resolve(answer))).documents.find(
      ({ kind }: { kind: string }) => kind === 'NATIONAL_ID',
    )
    expect(shown.issuedOn).to.deep.equal({ gregorian: issuedOn, hijri: hijriOf(issuedOn) })
    expect(shown.expiresOn).to.deep.equal({ gregorian: expiresOn, hijri: hijriOf(expiresOn) })
  })

  it('is refused with dates or numbers that cannot be', async () => {
    for (const [over, pointer, detail] of [
      [{ issuedOn: daysAfter(today(), 1) }, '#/issuedOn', /not be after today/],
      [{ expiresOn: daysAfter(today(), -1) }, '#/expiresOn', /the document is over/],
      [{ expiresOn: daysAfter(today(), -30) }, '#/expiresOn', /after issuedOn/],
      [{ expiresOn: '1447-13-01' }, '#/expiresOn', /does not exist/],
      [{ expiresOn: null }, '#/expiresOn', /must be text/],
      [{ number: '1111111111' }, '#/number', /check digit/],
    ] as const) {
      const answer = await v.paper(as, 'NATIONAL_ID', NATIONAL_ID, over)
      expect(answer.status, answer.text).to.equal(422)
      expect(answer.body.errors[0].pointer).to.equal(pointer)
      expect(answer.body.errors[0].detail).to.match(detail)
    }
  })

  it('takes the place of the one of its kind; the same again is the same', async () => {
    const { fileId } = await v.ok(v.file(as), 201)
    const body = { kind: 'BANK_LETTER', fileId, number: firm.iban, issuedOn: daysAfter(today(), -1) }
    const send = () => v.ok(t.post(`${v.me}/kyc/documents`, { as, body }))
    const letter = (view: { documents: { kind: string; id: string }[] }) =>
      view.documents.filter(({ kind }) => kind === 'BANK_LETTER').map(({ id }) => id)
    const first = letter(await send())
    expect(first).to.have.length(1)
    expect(letter(await send())).to.deep.equal(first)
    expect((await v.paper(as, 'BANK_LETTER', firm.iban)).body.documents).to.have.length(4)
    const replaced = await t.owner('kyc_documents').whereIn('id', first).first()
    expect(replaced.replaced_at).to.be.an.instanceOf(Date)
  })

  it('holds no number in the open, in any table', async () => {
    const { sellerId } = await v.mine(as)
    const rows = [
      ...(await t.owner('kyc_documents').where({ seller_id: sellerId })),
      ...(await t.owner('kyc_profiles').where({ seller_id: sellerId })),
      ...(await t.owner('bank_accounts').where({ seller_id: sellerId })),
      ...(await t.owner('audit_log').where({ object_id: sellerId })),
      ...(await t.owner('outbox')),
    ]
    const text = JSON.stringify(rows, (_, value) =>
      value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
    )
    for (const number of [NATIONAL_ID, firm.iban]) expect(text).to.not.include(number)
    // and the seller's own screen shows the last four
    const { profile, documents } = await v.mine(as)
    expect(profile.nationalId).to.equal(`••••••${NATIONAL_ID.slice(-4)}`)
    expect(JSON.stringify(documents)).to.not.include(NATIONAL_ID)
  })

  it("is reached by its seller and by officers, and by no one else's route, link or guess", async () => {
    const { documents } = await v.mine(as)
    const [{ id }] = documents
    await v.prepared('buyer:nosy')
    const own = (who: 'buyer:holder' | 'buyer:nosy') => t.get(`${v.me}/kyc/documents/${id}/link`, { as: who })
    const { url } = await v.ok(own(as))
    expect((await t.get(url.slice(t.baseUrl.length))).status).to.equal(200)
    expect((await own('buyer:nosy')).body.code).to.equal('documents.not_found')
    for (const who of ['buyer:nosy', 'seller', 'finance', 'buyer'] as const)
      expect((await t.get(`/api/v1/kyc/documents/${id}/link`, { as: who })).status, who).to.equal(403)
    await v.ok(t.get(`/api/v1/kyc/documents/${id}/link`, { as: 'officer' }))
    // each link is written down
    const { file_id } = await t.owner('kyc_documents').where({ id }).first('file_id')
    const audited = await t
      .owner('audit_log')
      .where({ object_id: file_id, action: 'file_link_issued' })
      .pluck('actor_id')
    expect(audited).to.deep.equal([
      (await t.accounts.account(as)).id,
      (await t.accounts.account('officer')).id,
    ])
    // nor does another seller make the file his own
    const { fileId } = await v.ok(v.file(as), 201)
    const stolen = await t.post(`${v.me}/kyc/documents`, {
      as: 'buyer:nosy',
      body: {
        kind: 'NATIONAL_ID',
        fileId,
        number: NATIONAL_ID,
        issuedOn: daysAfter(today(), -1),
        expiresOn: daysAfter(today(), 9),
      },
    })
    expect(stolen.body.code).to.equal('files.gone')
    const other = await v.mine('buyer:nosy')
    expect((await t.get(`/api/v1/kyc/sellers/${other.sellerId}`, { as })).status).to.equal(403)
  })

  it('is not taken in without end while nobody says what it is', async () => {
    await v.ok(
      t.post('/api/v1/sellers', {
        as: 'buyer:heap',
        body: { ...firm, iban: undefined, crNumber: '1099999901', vatNumber: null },
      }),
      201,
    )
    const send = (n: number) => v.file('buyer:heap', Buffer.concat([PDF, Buffer.from(String(n))]))
    for (let n = 0; n < 20; n++) await v.ok(send(n), 201)
    expect((await send(20)).body.code).to.equal('kyc.too_many_files')
    t.clock.advance(days(1))
    expect(await t.services.files.forgetExpired()).to.be.at.least(20)
  })
})

describe('when papers are forgotten', () => {
  const t = useContext()
  const v = verifying(t)
  afterEach(() => t.clock.reset())
  const papersOf = (sellerId: string) => t.owner('kyc_documents').where({ seller_id: sellerId })

  it('of a seller who was refused: 90 days after, with their files', async () => {
    const { caseId, sellerId } = await v.quick('buyer:gone')
    const { actor } = await t.accounts.account('officer')
    await t.services.kycReview.claim(caseId, actor)
    await t.services.kycReview.reject(caseId, [{ code: 'NAME_MISMATCH' }], actor)
    const files = (await papersOf(sellerId)).map(({ file_id }) => file_id)
    expect(files).to.have.length(4)
    t.clock.advance(days(89))
    await t.services.kycPapers.forgetOld()
    await t.services.files.forgetExpired()
    expect(await papersOf(sellerId)).to.have.length(4)
    expect(await t.owner('files').whereIn('id', files).whereNull('removed_at')).to.have.length(4)
    t.clock.advance(days(2))
    expect(await t.services.kycPapers.forgetOld()).to.equal(4)
    await t.settle()
    expect(await papersOf(sellerId)).to.be.empty
    const removed = await t.owner('files').whereIn('id', files).whereNotNull('removed_at')
    for (const { key } of removed) expect(await t.context.storage.isKept(key)).to.equal(false)
    expect(removed).to.have.length(4)
  })

  it('of an approved one: not while he sells, nor for five years after', async () => {
    const { sellerId } = await v.selling('buyer:stays')
    const { verified_until } = await t.owner('sellers').where({ id: sellerId }).first('verified_until')
    const [{ delete_after }] = await papersOf(sellerId)
    expect(dayInRiyadh(delete_after)).to.equal(daysAfter(verified_until, 5 * 365 + 1))
  })

  it('keeps a file that another paper stands on', async () => {
    const { actor } = await t.accounts.account('buyer:both')
    const { kyc, kycPapers } = t.services
    await kyc.apply(
      { tradeName: 'ق', legalName: 'ق', crNumber: '1098765401', vatNumber: null, city: 'ق' },
      actor,
    )
    const paper = await v.aPaper(actor, 'NATIONAL_ID', NATIONAL_ID)
    await kycPapers.attach('mine', paper, actor)
    const file = await kycPapers.attach(
      'mine',
      { ...paper, kind: 'COMMERCIAL_REGISTRATION', number: '1098765401' },
      actor,
    )
    const [one] = file.documents
    await t.owner('kyc_documents').where({ id: one?.id }).update({ delete_after: t.clock.now() })
    expect(await kycPapers.forgetOld()).to.equal(1)
    expect(await t.owner('files').where({ id: paper.fileId }).whereNull('removed_at')).to.have.length(1)
  })

  it('with the numbers that stood beside them, where nobody is checked or sells', async () => {
    const { caseId, sellerId, firm } = await v.quick('buyer:forgotten')
    const { actor } = await t.accounts.account('officer')
    await t.services.kycReview.claim(caseId, actor)
    await t.services.kycReview.reject(caseId, [{ code: 'NAME_MISMATCH' }], actor)
    const { sellerId: staying } = await v.selling('buyer:keeps')
    t.clock.advance(days(91))
    await t.services.kycPapers.forgetOld()
    const [row] = await t.owner('kyc_profiles').where({ seller_id: sellerId })
    expect(row).to.include({ national_id: null, national_id_hint: null, cr_number: firm.crNumber })
    expect(await t.owner('bank_accounts').where({ seller_id: sellerId })).to.be.empty
    // one who sells keeps his, though a paper he never handed in goes
    const owner = await t.accounts.account('buyer:keeps')
    await t.services.kycPapers.attach(
      'mine',
      await v.aPaper(owner.actor, 'NATIONAL_ID', NATIONAL_ID, 900),
      owner.actor,
    )
    t.clock.advance(days(91))
    expect(await t.services.kycPapers.forgetOld()).to.equal(1)
    const [kept] = await t.owner('kyc_profiles').where({ seller_id: staying })
    expect(kept.national_id).to.be.an.instanceOf(Buffer)
    expect(await t.owner('bank_accounts').where({ seller_id: staying, status: 'ACTIVE' })).to.have.length(1)
    // and whoever was forgotten begins anew
    const file = await t.services.kyc.file({ seller: sellerId }, actor)
    expect(t.services.kyc.missing(file)).to.include.members(['profile.nationalId', 'bankAccount'])
  })

  it('no paper names a file that is none', async () => {
    const wrong = await t
      .owner('kyc_documents')
      .update({ file_id: '019a0000-0000-7000-8000-000000000000' })
      .catch(error => error)
    expect(wrong.code).to.equal('23503')
  })
})
