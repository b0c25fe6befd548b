import type { Actor } from '../platform/actor.js'
import { AppError } from '../platform/errors.js'
import type { Operation } from './operation.js'

/** Whether this caller may call this operation at all. Whose rows they see there is the service's to say. */
export function admit(op: Operation, actor: Actor, denied: (actor: Actor, op: Operation) => void): void {
  if (op.access === 'anyone') return
  if (actor.kind !== 'user') throw new AppError('unauthenticated', 'auth.required', 'Sign in first.')
  const refusal = refusalOf(op, actor)
  if (!refusal) return
  denied(actor, op)
  throw refusal
}

function refusalOf(op: Operation, actor: Extract<Actor, { kind: 'user' }>): AppError | undefined {
  if (op.access !== 'anyone' && !op.access.includes(actor.role)) {
    return forbidden('auth.forbidden', `This needs one of the roles ${op.access.join(', ')}.`)
  }
  if (actor.key && !op.scope) return forbidden('auth.person_only', 'This needs a person who signed in.')
  if (actor.key && op.scope && !actor.key.scopes.includes(op.scope)) {
    return forbidden('auth.scope', `This API key lacks the scope ${op.scope}.`, { scope: op.scope })
  }
  if (actor.mustEnrol && !op.whileEnrolling) {
    return forbidden('auth.second_factor_required', 'Your role needs a second factor: enrol one first.')
  }
  return undefined
}

const forbidden = (code: string, message: string, details = {}) =>
  new AppError('forbidden', code, message, details)
