import { ById } from '../../http/fields.js'
import { type Operation, operation } from '../../http/operation.js'
import type { KycServices } from './index.js'
import type { KycFile } from './kyc-file.js'
import { presentKycToOfficer, presentQueued, presentWaiting } from './kyc-presenter.js'
import {
  AccountQueue,
  Approve,
  ApproveAccount,
  CasePage,
  Claim,
  LinkView,
  ListCases,
  OfficerKycView,
  Reject,
  RequestAccount,
  WithReason,
} from './kyc-schemas.js'

const shared = { tag: 'Seller review', access: ['officer', 'admin'] as const }
const one = { ...shared, params: ById, response: OfficerKycView }
const step = { ...one, method: 'post', status: 200 } as const
const decided = {
  'kyc.wrong_state': 'conflict',
  'kyc.not_yours': 'conflict',
  'kyc.own_change': 'forbidden',
} as const
const proven = {
  'kyc.unverified': 'conflict',
  'kyc.check_refused': 'conflict',
  'kyc.not_to_vouch': 'conflict',
} as const

type Services = Pick<
  KycServices,
  'kyc' | 'kycPapers' | 'kycChecks' | 'kycReview' | 'kycSuspension' | 'kycQueue' | 'bankAccounts'
>

/** The officers' side: what waits, what is known, and the decision. */
export function kycReviewOperations(services: Services): Operation[] {
  const { kyc, kycPapers, kycChecks, kycReview, kycSuspension, kycQueue, bankAccounts } = services
  const shown = (file: KycFile) =>
    presentKycToOfficer({ file, missing: kyc.missing(file), standings: kycChecks.standings(file) })

  return [
    operation({
      ...shared,
      id: 'listCases',
      method: 'get',
      path: '/kyc/cases',
      summary: 'What waits for an officer, oldest first',
      query: ListCases,
      response: CasePage,
      handle: async ({ query, actor }) => {
        const page = await kycQueue.page(query, actor)
        return { ...page, items: page.items.map(presentQueued) }
      },
    }),
    operation({
      ...one,
      id: 'sellerFile',
      method: 'get',
      path: '/kyc/sellers/:id',
      summary: 'All that is known of a seller, and what it is known by',
      handle: async ({ params, actor }) => shown(await kyc.file({ seller: params.id }, actor)),
    }),
    operation({
      ...step,
      id: 'checkSeller',
      path: '/kyc/sellers/:id/checks',
      summary: 'Ask all registers now',
      handle: async ({ params, actor }) => shown(await kycChecks.run(params.id, actor)),
    }),
    operation({
      ...shared,
      id: 'linkSellerDocument',
      method: 'get',
      path: '/kyc/documents/:id/link',
      summary: "A link to the picture of a seller's document, for five minutes; it is written down who asked",
      params: ById,
      response: LinkView,
      errors: { 'documents.not_found': 'not_found', 'files.gone': 'not_found' },
      handle: async ({ params, actor }) => {
        const { url, expiresAt } = await kycPapers.link(params.id, actor)
        return { url, expiresAt: expiresAt.toISOString() }
      },
    }),
    operation({
      ...step,
      id: 'claimCase',
      path: '/kyc/cases/:id/claim',
      summary: 'Take a case into review',
      body: Claim,
      errors: { 'kyc.taken': 'conflict', 'kyc.wrong_state': 'conflict' },
      handle: async ({ params, body, actor }) =>
        shown(await kycReview.claim(params.id, actor, body.takeOver)),
    }),
    operation({
      ...step,
      id: 'approveCase',
      path: '/kyc/cases/:id/approve',
      summary: 'Let the seller sell',
      body: Approve,
      errors: { ...decided, ...proven, 'kyc.incomplete': 'conflict', 'sellers.identifier_taken': 'conflict' },
      handle: async ({ params, body, actor }) =>
        shown(await kycReview.approve(params.id, body.vouched, actor)),
    }),
    operation({
      ...step,
      id: 'rejectCase',
      path: '/kyc/cases/:id/reject',
      summary: 'Say no, with reasons in both languages',
      body: Reject,
      errors: decided,
      handle: async ({ params, body, actor }) =>
        shown(await kycReview.reject(params.id, body.reasons, actor)),
    }),
    operation({
      ...step,
      id: 'suspendSeller',
      path: '/kyc/sellers/:id/suspend',
      summary: 'Take a seller off the market; what was ordered before is still to be served',
      body: WithReason,
      errors: { 'kyc.own_change': 'forbidden' },
      handle: async ({ params, body, actor }) =>
        shown(await kycSuspension.suspend(params.id, body.reason, actor)),
    }),
    operation({
      ...step,
      id: 'reinstateSeller',
      path: '/kyc/sellers/:id/reinstate',
      summary: 'Lift the suspension of a seller, who is again what he was',
      body: WithReason,
      errors: { 'kyc.own_change': 'forbidden' },
      handle: async ({ params, body, actor }) =>
        shown(await kycSuspension.reinstate(params.id, body.reason, actor)),
    }),
    operation({
      ...shared,
      id: 'listAccountRequests',
      method: 'get',
      path: '/kyc/bank-accounts',
      summary: 'Changes of bank accounts that wait to be allowed, oldest first; a hundred at most',
      response: AccountQueue,
      handle: async ({ actor }) => ({ items: (await bankAccounts.waiting(100, actor)).map(presentWaiting) }),
    }),
    operation({
      ...step,
      id: 'requestSellerAccount',
      path: '/kyc/sellers/:id/bank-account',
      signed: true,
      summary: 'Ask for another account in the name of a seller; another officer allows it',
      body: RequestAccount,
      errors: { 'kyc.locked': 'conflict', 'sellers.suspended': 'conflict' },
      handle: async ({ params, body, actor }) =>
        shown(await bankAccounts.request({ seller: params.id }, body, actor)),
    }),
    operation({
      ...step,
      id: 'approveBankAccount',
      path: '/kyc/bank-accounts/:id/approve',
      signed: true,
      summary: 'Pay out to the account from now on; not for whoever asked for it',
      body: ApproveAccount,
      errors: { ...decided, ...proven, 'kyc.first_account': 'conflict', 'sellers.suspended': 'conflict' },
      handle: async ({ params, body, actor }) =>
        shown(await bankAccounts.approve(params.id, body.evidence, actor)),
    }),
    operation({
      ...step,
      id: 'rejectBankAccount',
      path: '/kyc/bank-accounts/:id/reject',
      summary: 'Leave the account as it is, with reasons',
      body: Reject,
      errors: decided,
      handle: async ({ params, body, actor }) =>
        shown(await bankAccounts.reject(params.id, body.reasons, actor)),
    }),
  ]
}
