import type { Context } from '../../api/context.js'
import { parse } from '../../api/http/parse.js'
import type { KycFile } from '../../api/modules/kyc/kyc-file.js'
import type { Reason } from '../../api/modules/kyc/kyc-reasons.js'
import type { Vouched } from '../../api/modules/kyc/kyc-review.js'
import { Approve, Reject } from '../../api/modules/kyc/kyc-schemas.js'
import type { Actor } from '../../api/platform/actor.js'
import { AppError } from '../../api/platform/errors.js'

export type Decision =
  | { what: 'approve'; vouched: Vouched[] }
  | { what: 'reject'; reasons: Reason[] }
  | { what: 'leave' }

type Given = {
  approve?: boolean
  reject?: string[] | undefined
  vouch?: string[] | undefined
  'note-en'?: string | undefined
  'note-ar'?: string | undefined
}

/** What the flags say; undefined where they leave it to be asked. */
export function decisionOf(given: Given): Decision | undefined {
  const { approve, reject, vouch = [], 'note-en': en, 'note-ar': ar } = given
  if (reject !== undefined && reject.length > 0) {
    if ((en === undefined) !== (ar === undefined))
      throw new AppError(
        'invalid',
        'cli.one_language',
        'A note needs both languages: --note-en and --note-ar.',
      )
    const note = en !== undefined && ar !== undefined ? { en, ar } : undefined
    return refusal(reject.map((code, at) => (note && at === 0 ? { code, note } : { code })))
  }
  if (!approve) return undefined
  return approval(
    vouch.map(text => {
      const [check = '', ...evidence] = text.split('=')
      return { check, evidence: evidence.join('=') }
    }),
  )
}

/** By the very schemas of the API: what it would refuse is refused here in the same words. */
export const approval = (vouched: object[]): Decision => ({
  what: 'approve',
  ...parse(Approve, { vouched }, '#', 'en'),
})
export const refusal = (reasons: object[]): Decision => ({
  what: 'reject',
  ...parse(Reject, { reasons }, '#', 'en'),
})

/** There is no use in asking about what nobody wants decided. */
export function assertWaiting(about: 'case' | 'account', { current, requested, profile }: KycFile): void {
  if (about === 'account' && !requested)
    throw nothing(`${profile.tradeName} asked for no other bank account.`)
  const isOpen = current?.status === 'SUBMITTED' || current?.status === 'IN_REVIEW'
  if (about === 'case' && !isOpen) throw nothing(`Nothing of ${profile.tradeName} waits for a decision.`)
}

/** Takes the case if need be, and decides. */
export async function carryOut(
  { kycReview, bankAccounts }: Context['services'],
  { current, requested, profile }: KycFile,
  about: 'case' | 'account',
  decision: Exclude<Decision, { what: 'leave' }>,
  { takeOver, actor }: { takeOver: boolean; actor: Actor },
): Promise<KycFile> {
  if (about === 'account') {
    if (!requested) throw nothing(`${profile.tradeName} asked for no other bank account.`)
    return decision.what === 'approve'
      ? bankAccounts.approve(requested.id, decision.vouched[0]?.evidence, actor)
      : bankAccounts.reject(requested.id, decision.reasons, actor)
  }
  if (!current) throw nothing(`${profile.tradeName} has handed nothing in.`)
  if (current.status === 'SUBMITTED' || current.status === 'IN_REVIEW')
    await kycReview.claim(current.id, actor, takeOver)
  return decision.what === 'approve'
    ? kycReview.approve(current.id, decision.vouched, actor)
    : kycReview.reject(current.id, decision.reasons, actor)
}

const nothing = (message: string) => new AppError('conflict', 'kyc.nothing_submitted', message)
