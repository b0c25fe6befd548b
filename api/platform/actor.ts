import { AppError } from './errors.js'

export const ROLES = ['buyer', 'seller', 'officer', 'finance', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** What a seller's own system may do with an API key. */
export const SCOPES = [
  'listings:read',
  'listings:write',
  'orders:read',
  'orders:write',
  'invoices:read',
] as const
export type Scope = (typeof SCOPES)[number]

/** On whose behalf a thing is done. Every service method that touches somebody's data takes one. */
export type Actor =
  | UserActor
  | { kind: 'operator'; name: string }
  | { kind: 'system'; name: string }
  | { kind: 'anonymous'; ip?: string; userAgent?: string }

export type UserActor = {
  kind: 'user'
  id: string
  role: Role
  /** The session of a person at a device; none where a system comes with a key. */
  sessionId?: string
  /** Set where an API key was shown instead of a session. */
  key?: { id: string; prefix: string; scopes: readonly Scope[] }
  /** A member of staff who has no second factor yet, and may do nothing but get one. */
  mustEnrol?: boolean
  ip?: string
  userAgent?: string
}

export const system = (name: string): Actor => ({ kind: 'system', name })

/** One person under one name, for rules that want two of them: `user:0197…`, `operator:noura`. */
export function personOf(actor: Actor): string {
  if (actor.kind === 'anonymous') throw new AppError('unauthenticated', 'auth.required', 'Sign in first.')
  return actor.kind === 'user' ? `user:${actor.id}` : `${actor.kind}:${actor.name}`
}

/** Officers and admins see everybody's orders; finance reads them too. Operators at a terminal are staff. */
export function isStaff(actor: Actor): boolean {
  return (
    actor.kind === 'operator' || actor.kind === 'system' || (actor.kind === 'user' && isStaffRole(actor.role))
  )
}

export const isStaffRole = (role: Role): boolean => STAFF.has(role)
const STAFF: ReadonlySet<Role> = new Set(['officer', 'finance', 'admin'])

export function requireUser(actor: Actor): UserActor {
  if (actor.kind !== 'user') throw new AppError('unauthenticated', 'auth.required', 'Sign in first.')
  return actor
}

/** A person may do what their role lets them; a key only what it was made for. */
export const mayDo = (actor: UserActor, scope: Scope): boolean =>
  actor.key === undefined || actor.key.scopes.includes(scope)

/** A person at a device, not a system with a key. */
export function requireSession(actor: Actor): UserActor & { sessionId: string } {
  const { sessionId, ...user } = requireUser(actor)
  if (!sessionId) throw new AppError('forbidden', 'auth.person_only', 'This needs a person who signed in.')
  return { ...user, sessionId }
}
