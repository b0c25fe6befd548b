import type { Actor } from './actor.js'
import type { Logger } from './logger.js'

/** What somebody who watches over accounts wants to hear of. Names only: never a secret, a code or an address. */
export type SecurityEvent =
  | 'auth_failed'
  | 'auth_blocked_account'
  | 'token_reused'
  | 'password_changed'
  | 'password_reset'
  | 'second_factor_enabled'
  | 'second_factor_disabled'
  | 'second_factor_locked'
  | 'recovery_code_used'
  | 'sessions_revoked'
  | 'operation_refused'
  | 'role_changed'
  | 'user_blocked'
  | 'user_unblocked'
  | 'api_key_created'
  | 'api_key_revoked'
  | 'api_key_refused'
  | 'rate_limited'
  | 'access_denied'

export type SecurityLog = ReturnType<typeof createSecurityLog>

/**
 * One line at level warn, so that it passes whatever level production logs at. An operator's command has nobody who
 * collects its log, and a terminal where a warning would say that something went wrong: there it is `info`, and the
 * audit trail tells.
 */
export function createSecurityLog(logger: Logger, level: 'warn' | 'info' = 'warn') {
  return (name: SecurityEvent, actor: Actor, fields: Record<string, unknown> = {}): void =>
    logger[level]('security', { name, ...whoIs(actor), ...fields })
}

function whoIs(actor: Actor): Record<string, unknown> {
  if (actor.kind === 'operator' || actor.kind === 'system') return { by: `${actor.kind} ${actor.name}` }
  const { ip, userAgent } = actor
  const user = actor.kind === 'user' ? { by: actor.id, byKey: actor.key?.prefix } : {}
  return { ...user, ip, userAgent: userAgent?.slice(0, 200) }
}
