import { createHash } from 'node:crypto'
import { expect } from 'chai'
import type { Vouched } from '../../api/modules/kyc/kyc-review.js'
import type { DocumentKind } from '../../api/modules/kyc/kyc-words.js'
import type { Actor } from '../../api/platform/actor.js'
import { dayInRiyadh } from '../../api/platform/clock.js'
import { daysAfter } from '../../api/platform/saudi/hijri.js'
import type { Who } from './accounts.js'
import type { TestContext } from './context.js'
import type { Answer } from './request.js'

export const PDF = Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
export const NATIONAL_ID = '1058529940'
export const ADDRESS = {
  buildingNumber: '2929',
  street: 'شارع الريل',
  district: 'المنصورة',
  city: 'الرياض',
  postalCode: '12611',
  shortAddress: 'RRRD2929',
}

let serial = 0

/** A firm nobody else has; its numbers end so that the sandbox's registers find them in good order. */
export function aFirm() {
  const digits = String(++serial).padStart(6, '0')
  const account = `000000608${digits}519`
  return {
    tradeName: 'قطع التحقق',
    legalName: `شركة قطع التحقق ${serial} المحدودة`,
    crNumber: `10${digits}99`,
    vatNumber: `31${digits}0000003`,
    city: 'الرياض',
    iban: ibanOf(`80${account}`),
  }
}
export type Firm = ReturnType<typeof aFirm>

/** A Saudi IBAN with its check digits: ISO 13616. */
export function ibanOf(bban: string): string {
  const numbers = [...`${bban}SA00`].map(char => Number.parseInt(char, 36)).join('')
  return `SA${String(98n - (BigInt(numbers) % 97n)).padStart(2, '0')}${bban}`
}

/** Walks a seller through his side of the verification, over the API. */
export function verifying(t: TestContext) {
  const me = '/api/v1/sellers/me'

  async function ok(answer: Promise<Answer>, status = 200): Promise<Answer['body']> {
    const { status: got, body, text } = await answer
    expect(got, text).to.equal(status)
    return body
  }

  /** A critical request with the token it needs. */
  async function signed(as: Who, path: string, body: object): Promise<Answer> {
    const raw = JSON.stringify(body)
    const { token, password } = await t.accounts.account(as)
    const bodySha256 = createHash('sha256').update(raw).digest('hex')
    const asked = await ok(
      t.post('/api/v1/auth/operations', { token, body: { method: 'POST', path, bodySha256, password } }),
      201,
    )
    const headers = { 'operation-token': asked.token, 'content-type': 'application/json' }
    return t.post(path, { token, raw, headers })
  }

  const file = (as: Who, bytes: Buffer = PDF, name = 'scan.pdf', type = 'application/pdf') =>
    t.post(`${me}/kyc/files?name=${encodeURIComponent(name)}`, {
      as,
      raw: bytes,
      headers: { 'content-type': type },
    })

  async function paper(as: Who, kind: string, number: string, over: object = {}): Promise<Answer> {
    // each its own bytes: the same picture for all would be one file
    const { fileId } = await ok(
      file(as, Buffer.concat([PDF, Buffer.from(`${kind} ${number} ${++serial}`)])),
      201,
    )
    const today = dayInRiyadh(t.clock.now())
    const dates = {
      issuedOn: daysAfter(today, -30),
      expiresOn: kind === 'NATIONAL_ID' ? daysAfter(today, 200) : null,
    }
    return t.post(`${me}/kyc/documents`, { as, body: { kind, fileId, number, ...dates, ...over } })
  }

  /** Everything a firm hands in but the last word. */
  async function prepared(as: Who, firm: Firm = aFirm()): Promise<Firm> {
    const { iban, ...application } = firm
    t.sandbox.control.firms.set(firm.crNumber, { name: firm.legalName })
    await ok(t.post('/api/v1/sellers', { as, body: application }), 201)
    await ok(
      t.patch(`${me}/kyc`, {
        as,
        body: { holderName: 'سارة العتيبي', nationalId: NATIONAL_ID, address: ADDRESS },
      }),
    )
    await ok(signed(as, `${me}/bank-account`, { iban, holderName: firm.legalName }))
    await ok(paper(as, 'COMMERCIAL_REGISTRATION', firm.crNumber))
    if (firm.vatNumber) await ok(paper(as, 'VAT_CERTIFICATE', firm.vatNumber))
    await ok(paper(as, 'NATIONAL_ID', NATIONAL_ID))
    await ok(paper(as, 'BANK_LETTER', iban))
    return firm
  }

  /** The same by the services, for tests that are about what comes after. */
  async function quick(
    as: Who,
    firm: Firm = aFirm(),
  ): Promise<{ firm: Firm; caseId: string; sellerId: string }> {
    const { iban, ...application } = firm
    const { actor } = await t.accounts.account(as)
    const { kyc, kycPapers, bankAccounts } = t.services
    t.sandbox.control.firms.set(firm.crNumber, { name: firm.legalName })
    const { id: sellerId } = await kyc.apply(application, actor)
    const profile = { holderName: 'سارة العتيبي', nationalId: NATIONAL_ID, address: ADDRESS }
    await kyc.edit('mine', profile, actor)
    await bankAccounts.request('mine', { iban, holderName: firm.legalName }, actor)
    const numbers = {
      COMMERCIAL_REGISTRATION: firm.crNumber,
      VAT_CERTIFICATE: firm.vatNumber,
      NATIONAL_ID,
      BANK_LETTER: iban,
    }
    for (const [kind, number] of Object.entries(numbers) as [DocumentKind, string | null][])
      if (number) await kycPapers.attach('mine', await aPaper(actor, kind, number), actor)
    const { current } = await kyc.submit('mine', '2026-01', actor)
    await t.settle()
    return { firm, caseId: current?.id as string, sellerId }
  }

  async function aPaper(actor: Actor, kind: DocumentKind, number: string, days = 200) {
    const bytes = Buffer.concat([PDF, Buffer.from(`${kind} ${++serial}`)])
    const { id: fileId } = await t.services.kycPapers.takeFile('mine', { bytes, name: `${kind}.pdf` }, actor)
    const today = dayInRiyadh(t.clock.now())
    const expiresOn = kind === 'NATIONAL_ID' ? daysAfter(today, days) : null
    return { kind, fileId, number, issuedOn: daysAfter(today, -30), expiresOn }
  }

  /** Approved by an officer, by the services. */
  async function selling(as: Who, firm?: Firm): Promise<{ firm: Firm; caseId: string; sellerId: string }> {
    const made = await quick(as, firm)
    await decide(made.caseId)
    return made
  }

  async function decide(caseId: string, who: Who = 'officer'): Promise<void> {
    const { actor } = await t.accounts.account(who)
    await t.services.kycReview.claim(caseId, actor)
    await t.services.kycReview.approve(caseId, VOUCHED as Vouched[], actor)
  }

  const submit = (as: Who) => t.post(`${me}/kyc/submit`, { as, body: { consentVersion: '2026-01' } })

  const claim = (caseId: string, as: Who = 'officer', body: object = {}) =>
    t.post(`/api/v1/kyc/cases/${caseId}/claim`, { as, body })
  const approve = (caseId: string, as: Who = 'officer', vouched = VOUCHED) =>
    t.post(`/api/v1/kyc/cases/${caseId}/approve`, { as, body: { vouched } })
  const reject = (caseId: string, reasons: object[], as: Who = 'officer') =>
    t.post(`/api/v1/kyc/cases/${caseId}/reject`, { as, body: { reasons } })

  const mine = (as: Who) => ok(t.get(`${me}/kyc`, { as }))
  return {
    quick,
    aPaper,
    selling,
    decide,
    ok,
    signed,
    file,
    paper,
    prepared,
    submit,
    claim,
    approve,
    reject,
    mine,
    me,
  }
}

/** What no register of the sandbox answers. */
export const VOUCHED = [
  { check: 'VAT_NUMBER', evidence: 'certificate seen at zatca.gov.sa' },
  { check: 'NATIONAL_ID', evidence: 'original seen' },
]
