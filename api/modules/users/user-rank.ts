import { type Actor, isStaffRole, type Role } from '../../platform/actor.js'
import { AppError } from '../../platform/errors.js'

type Person = { id: string; role: Role }

/** Operators at a terminal and admins look after everybody; officers after buyers and sellers, not after each other. */
export function assertLooksAfter(actor: Actor, { id, role }: Person): void {
  if (actor.kind === 'operator' || actor.kind === 'system') return
  if (actor.kind !== 'user') throw forbidden('auth.required', 'Sign in first.')
  if (actor.role === 'admin' || actor.id === id) return
  if (actor.role !== 'officer')
    throw forbidden('auth.forbidden', 'This needs one of the roles officer, admin.')
  if (isStaffRole(role))
    throw forbidden('users.above_you', 'Only an admin looks after the accounts of staff.')
}

export function assertNotOneself(actor: Actor, { id }: Person): void {
  if (actor.kind !== 'user' || actor.id !== id) return
  throw new AppError('conflict', 'users.oneself', 'Nobody does this to their own account: ask a colleague.')
}

const forbidden = (code: string, message: string) => new AppError('forbidden', code, message)
