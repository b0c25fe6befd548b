import type { z } from 'zod'
import { iso } from '../../http/fields.js'
import type { Page } from '../../platform/page.js'
import type { AuditEntry } from '../audit/audit-service.js'
import type { UserCard, UserDetail } from './user-queries.js'
import type { ActivityView, UserCardView, UserDetailView } from './user-schemas.js'

/** In a list, enough to tell people apart; who needs more opens the account, and leaves a trace. */
export function presentUserCard(user: UserCard): z.infer<typeof UserCardView> {
  const { id, name, role, status } = user
  return {
    id,
    email: maskEmail(user.email),
    name,
    phone: user.phone && maskPhone(user.phone),
    role,
    status,
    shop: shopOf(user),
    createdAt: user.createdAt.toISOString(),
  }
}

export function presentUserDetail(user: UserDetail): z.infer<typeof UserDetailView> {
  const { locale, recoveryCodesLeft, activeSessions, blockedReason } = user
  const shop = shopOf(user)
  return {
    ...presentUserCard(user),
    email: user.email,
    emailVerified: user.emailVerifiedAt !== null,
    phone: user.phone,
    phoneVerified: user.phoneVerifiedAt !== null,
    locale,
    secondFactor: user.hasSecondFactor,
    recoveryCodesLeft,
    activeSessions,
    blockedAt: iso(user.blockedAt),
    blockedReason,
    shop: shop && { ...shop, status: user.shopStatus ?? '' },
  }
}

export function presentActivity(entry: AuditEntry): z.infer<typeof ActivityView> {
  const { id, action, ip, userAgent, details } = entry
  return {
    id,
    at: entry.at.toISOString(),
    action,
    by: { kind: entry.actorKind, id: entry.actorId, name: entry.actorName },
    object: { type: entry.objectType, id: entry.objectId },
    ip,
    userAgent,
    details,
  }
}

export const presentUsers = ({ items, nextCursor }: Page<UserCard>) => ({
  items: items.map(presentUserCard),
  nextCursor,
})

const shopOf = ({ shopId, tradeName }: UserCard) =>
  shopId ? { id: shopId, tradeName: tradeName ?? '' } : null

/** `s•••@example.sa`, however long the name before the @ is. */
export const maskEmail = (email: string): string => email.replace(/^(.)[^@]*/u, '$1•••')

/** `+9665••••••67` */
export const maskPhone = (phone: string): string =>
  phone.slice(0, 5) + '•'.repeat(Math.max(0, phone.length - 7)) + phone.slice(-2)
