import { after, days } from '../../platform/clock.js'

/**
 * How long papers are kept (PDPL, article 18: no longer than their purpose). Have counsel confirm the numbers: what
 * the anti-money-laundering law asks of a marketplace that pays sellers out is theirs to say.
 */
const DRAFT_MS = days(90)
const REJECTED_MS = days(90)
const REPLACED_MS = days(365)
const APPROVED_MS = days(5 * 365)

/** Handed in, and nothing came of it yet. */
export const draftUntil = (now: Date): Date => after(now, DRAFT_MS)
export const rejectedUntil = (now: Date): Date => after(now, REJECTED_MS)
export const replacedUntil = (now: Date): Date => after(now, REPLACED_MS)
/** Counted from the end of the approval. */
export const approvedUntil = (verifiedUntil: Date): Date => after(verifiedUntil, APPROVED_MS)
/** A file nobody has said what it is. */
export const unattachedUntil = (now: Date): Date => after(now, days(1))
