import { z } from 'zod'
import {
  additionalNumber,
  buildingNumber,
  crNumber,
  day,
  iban,
  id,
  instant,
  line,
  nationalId,
  pageOf,
  paging,
  postalCode,
  reason,
  shortAddress,
  vatNumber,
} from '../../http/fields.js'
import { isOfBuilding } from '../../platform/saudi/address.js'
import { SELLER_STATUSES, sellerFields } from '../sellers/seller-schemas.js'
import { REASON_CODES } from './kyc-reasons.js'
import {
  ACCOUNT_STATUSES,
  CASE_KINDS,
  CASE_STATUSES,
  CHECK_KINDS,
  DOCUMENT_KINDS,
  OPEN_CASES,
  VERDICTS,
} from './kyc-words.js'

const Address = z
  .strictObject({
    buildingNumber,
    street: line(120),
    district: line(120),
    city: line(60),
    postalCode,
    additionalNumber: additionalNumber.optional(),
    shortAddress: shortAddress.optional(),
  })
  .refine(({ shortAddress, buildingNumber }) => !shortAddress || isOfBuilding(shortAddress, buildingNumber), {
    path: ['shortAddress'],
    message: 'address.short_building',
  })

export const EditProfile = z
  .strictObject({
    ...sellerFields,
    holderName: line(120).describe(
      'the person whose national ID it is: the owner, or who signs for the firm',
    ),
    nationalId: nationalId.describe('national ID or Iqama'),
    address: Address.describe('the national address of the firm'),
  })
  .partial()
  .refine(edit => Object.keys(edit).length > 0)

const either = 'Gregorian (2026-03-01) or Hijri by Umm al-Qura (1447-09-12)'
const paper = {
  fileId: id.describe('from POST …/files'),
  issuedOn: day.describe(either),
  expiresOn: day.nullable().default(null).describe(either),
}
export const AttachDocument = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('COMMERCIAL_REGISTRATION'), number: crNumber, ...paper }),
  z.strictObject({ kind: z.literal('VAT_CERTIFICATE'), number: vatNumber, ...paper }),
  z.strictObject({
    kind: z.literal('NATIONAL_ID'),
    number: nationalId,
    ...paper,
    expiresOn: day.describe(either),
  }),
  z.strictObject({ kind: z.literal('BANK_LETTER'), number: iban, ...paper }),
])
export const SendFile = z.strictObject({
  name: z.string().max(300).default('document').describe('to show beside it'),
})
export const RequestAccount = z.strictObject({ iban, holderName: line(120) })
export const Submit = z.strictObject({
  consentVersion: z
    .string()
    .regex(/^[\w.-]{1,20}$/)
    .describe('of the privacy notice the seller agreed to'),
})

const both = z.strictObject({ ar: line(500), en: line(500) })
const Reasons = z
  .array(
    z
      .strictObject({ code: z.enum(REASON_CODES), note: both.optional() })
      .refine(({ code, note }) => code !== 'OTHER' || note, { path: ['note'], message: 'reason.note' }),
  )
  .min(1)
  .max(10)
export const Reject = z.strictObject({ reasons: Reasons })
export const Claim = z.strictObject({ takeOver: z.boolean().default(false) })
export const Approve = z.strictObject({
  vouched: z
    .array(z.strictObject({ check: z.enum(CHECK_KINDS), evidence: line(500) }))
    .max(10)
    .default([])
    .describe('checks that no register answers: what the officer knows them by'),
})
export const ApproveAccount = z.strictObject({ evidence: line(500).optional() })
export const WithReason = z.strictObject({ reason })
export const ListCases = z.strictObject({ status: z.enum(OPEN_CASES).optional(), ...paging })

const Day = z.object({ gregorian: z.iso.date(), hijri: z.string().describe('Umm al-Qura') })
const Words = z.object({ ar: z.string(), en: z.string() })
const Reason = z.object({ code: z.enum(REASON_CODES), text: Words })
const Document = z.object({
  id: z.uuid(),
  kind: z.enum(DOCUMENT_KINDS),
  number: z.string().describe('in part; whole for officers'),
  issuedOn: Day,
  expiresOn: Day.nullable(),
  deleteAfter: z.iso.datetime().describe('when its purpose ends'),
})
const Account = z.object({
  id: z.uuid(),
  status: z.enum(ACCOUNT_STATUSES),
  iban: z.string().describe('in part; whole for officers'),
  bank: Words.nullable(),
  holderName: z.string(),
  requestedAt: z.iso.datetime(),
})
const Case = z.object({
  id: z.uuid(),
  kind: z.enum(CASE_KINDS),
  status: z.enum(CASE_STATUSES),
  consentVersion: z.string().nullable(),
  submittedAt: z.iso.datetime(),
  decidedAt: instant,
  reasons: z.array(Reason),
})
const Check = z.object({
  kind: z.enum(CHECK_KINDS),
  verdict: z.enum(VERDICTS).nullable().describe('null: nobody asked yet'),
})

export const KycView = z.object({
  sellerId: z.uuid(),
  status: z.enum(SELLER_STATUSES),
  verifiedUntil: Day.nullable(),
  missing: z.array(z.string()).describe('what must be put right before it can be handed in'),
  profile: z.object({
    tradeName: z.string(),
    legalName: z.string(),
    crNumber: z.string(),
    vatNumber: z.string().nullable(),
    city: z.string(),
    holderName: z.string().nullable(),
    nationalId: z.string().nullable().describe('in part; whole for officers'),
    address: z.record(z.string(), z.string().optional()).nullable(),
  }),
  documents: z.array(Document),
  bankAccount: Account.nullable().describe('where we pay out'),
  requestedAccount: Account.nullable().describe('what it is to be'),
  checks: z.array(Check),
  case: Case.nullable().describe('the one that is open, else the last one'),
})

const OfficerCheck = Check.extend({
  source: z.string().nullable(),
  evidence: z.record(z.string(), z.unknown()).nullable(),
  checkedAt: instant,
  checkedBy: z.string().nullable(),
  expiresAt: instant,
})
export const OfficerKycView = KycView.extend({
  checks: z.array(OfficerCheck),
  case: Case.extend({
    submittedBy: z.string(),
    reviewer: z.string().nullable(),
    decidedBy: z.string().nullable(),
  }).nullable(),
})
export const CasePage = pageOf(
  z.object({
    id: z.uuid(),
    kind: z.enum(CASE_KINDS),
    status: z.enum(CASE_STATUSES),
    sellerId: z.uuid(),
    tradeName: z.string(),
    crNumber: z.string(),
    submittedAt: z.iso.datetime(),
    reviewer: z.string().nullable(),
  }),
)
export const AccountQueue = z.object({
  items: z.array(Account.extend({ sellerId: z.uuid(), requestedBy: z.string() })),
})
export const FileView = z.object({ fileId: z.uuid(), type: z.string(), size: z.int(), name: z.string() })
export const LinkView = z.object({ url: z.string(), expiresAt: z.iso.datetime() })
