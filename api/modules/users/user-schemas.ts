import { z } from 'zod'
import { email, id, instant, line, pageOf, paging, reason, saudiMobile } from '../../http/fields.js'
import { ROLES } from '../../platform/actor.js'
import { westernDigits } from '../../platform/digits.js'
import { newPassword, SessionView } from '../auth/auth-schemas.js'
import { termOf } from './user-term.js'

const STATUSES = ['ACTIVE', 'BLOCKED'] as const
const role = z.enum(ROLES)
const status = z.enum(STATUSES)

const term = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .transform((text, context) => {
    const typed = westernDigits(text)
    const { data: phone } = saudiMobile.safeParse(typed)
    const found = termOf(typed, phone)
    if (found) return found
    context.addIssue({ code: 'custom', message: 'search.too_short' })
    return z.NEVER
  })

export const SearchUsers = z.strictObject({
  q: term
    .optional()
    .describe(
      'an e-mail address or its beginning, a mobile number, an id, a CR number, or parts of a name or trade name',
    ),
  role: role.optional(),
  status: status.optional(),
  ...paging,
})

export const WithReason = z.strictObject({ reason })
export const ChangeRole = z.strictObject({ role, reason })
export const EndSessions = z.strictObject({
  reason,
  sessionId: id.optional().describe('all, where none is named'),
})
export const Paging = z.strictObject(paging)

/** What an operator gives to open an account. */
export const NewAccount = z.strictObject({ email, name: line(120) })
export const NewPassword = z.strictObject({ password: newPassword })

const shop = z.object({ id: z.uuid(), tradeName: z.string() })

export const UserCardView = z.object({
  id: z.uuid(),
  email: z.string().describe('masked: s•••@example.sa'),
  name: z.string(),
  phone: z.string().nullable().describe('masked: +9665••••••67'),
  role,
  status,
  shop: shop.nullable(),
  createdAt: z.iso.datetime(),
})
export const UserPage = pageOf(UserCardView)

export const UserDetailView = UserCardView.extend({
  email: z.string(),
  phone: z.string().nullable(),
  emailVerified: z.boolean(),
  phoneVerified: z.boolean(),
  locale: z.enum(['ar', 'en']),
  secondFactor: z.boolean(),
  recoveryCodesLeft: z.int(),
  activeSessions: z.int(),
  blockedAt: instant,
  blockedReason: z.string().nullable(),
  shop: shop.extend({ status: z.string() }).nullable(),
})

export const UserSessions = z.object({ items: z.array(SessionView.omit({ isCurrent: true })) })
export const EndedView = z.object({ ended: z.int().describe('how many sessions ended now') })

export const ActivityView = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  action: z.string(),
  by: z.object({ kind: z.string(), id: z.uuid().nullable(), name: z.string().nullable() }),
  object: z.object({ type: z.string(), id: z.string() }),
  ip: z.string().nullable(),
  userAgent: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
})
export const ActivityPage = pageOf(ActivityView)
