import { type Actor, personOf } from '../../platform/actor.js'
import { AppError } from '../../platform/errors.js'
import type { Seller } from '../sellers/seller.js'
import type { SellerService } from '../sellers/seller-service.js'
import { accountOf, type KycFile } from './kyc-file.js'
import { isOpen } from './kyc-store.js'

/** The caller's own seller account, or, for staff, one by id or CR number. */
export type Whose = 'mine' | { seller: string }

export async function sellerFor(sellers: SellerService, whose: Whose, actor: Actor): Promise<Seller> {
  if (whose === 'mine') return sellers.ownedBy(actor)
  requireOfficer(actor)
  return sellers.named(whose.seller)
}

/** Officers and admins, and operators at a terminal. Finance reads orders and invoices, not people's papers. */
export function requireOfficer(actor: Actor): void {
  const isOfficer =
    actor.kind === 'operator' ||
    actor.kind === 'system' ||
    (actor.kind === 'user' && (actor.role === 'officer' || actor.role === 'admin'))
  if (!isOfficer) throw new AppError('forbidden', 'auth.forbidden', 'Your role does not allow this.')
}

/** What lies with an officer is not changed under his eyes. */
export function assertEditable({ seller, current }: KycFile): void {
  seller.assertNotSuspended()
  if (!current || !isOpen(current)) return
  throw new AppError(
    'conflict',
    'kyc.locked',
    'This is being reviewed: withdraw it first, or wait for the decision.',
    {
      caseStatus: current.status,
    },
  )
}

/** Nobody decides over what he wrote, handed in or asked for himself. */
export function assertNotOwn(file: KycFile, actor: Actor): void {
  const person = personOf(actor)
  const wroteIt = [
    `user:${file.seller.ownerId}`,
    file.profile.updatedBy,
    ...file.profile.hands,
    ...file.documents.map(({ uploadedBy }) => uploadedBy),
    accountOf(file)?.requestedBy,
    file.current?.submittedBy,
  ]
  if (wroteIt.includes(person)) throw ownChange()
}

export const ownChange = () =>
  new AppError('forbidden', 'kyc.own_change', 'You had a hand in this yourself: another person must decide.')
