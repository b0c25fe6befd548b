import { AppError } from './errors.js'

export const ROLES = ['buyer', 'seller', 'officer', 'finance', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** On whose behalf a thing is done. Every service method that touches somebody's data takes one. */
export type Actor =
  | { kind: 'user'; id: string; role: Role; sessionId: string; ip?: string; userAgent?: string }
  | { kind: 'operator'; name: string }
  | { kind: 'system'; name: string }
  | { kind: 'anonymous'; ip?: string; userAgent?: string }

export type UserActor = Extract<Actor, { kind: 'user' }>

export const system = (name: string): Actor => ({ kind: 'system', name })

/** Officers and admins see everybody's orders; finance reads them too. Operators at a terminal are staff. */
export function isStaff(actor: Actor): boolean {
  return (
    actor.kind === 'operator' || actor.kind === 'system' || (actor.kind === 'user' && STAFF.has(actor.role))
  )
}

const STAFF: ReadonlySet<Role> = new Set(['officer', 'finance', 'admin'])

export function requireUser(actor: Actor): UserActor {
  if (actor.kind !== 'user') throw new AppError('unauthenticated', 'auth.required', 'Sign in first.')
  return actor
}
