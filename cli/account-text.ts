import type { UserDetail } from '../api/modules/users/user-queries.js'
import { when } from './table.js'
import { printable } from './terminal-text.js'

/** An account in lines of words, for a terminal. */
export function accountText(user: UserDetail): string {
  const proved = (at: Date | null) => (at ? `confirmed ${when(at)}` : 'not confirmed')
  const lines: [string, string][] = [
    ['id', user.id],
    ['name', user.name],
    ['e-mail', `${user.email} (${proved(user.emailVerifiedAt)})`],
    ['phone', user.phone ? `${user.phone} (${proved(user.phoneVerifiedAt)})` : '-'],
    ['role', user.role],
    [
      'state',
      user.status === 'BLOCKED' ? `BLOCKED since ${when(user.blockedAt)}: ${user.blockedReason}` : 'ACTIVE',
    ],
    ['second factor', secondFactor(user)],
    ['signed in', user.activeSessions === 0 ? 'nowhere' : `on ${user.activeSessions} device(s)`],
    ['shop', user.shopId ? `${user.tradeName} (${user.shopStatus}) ${user.shopId}` : '-'],
    ['since', when(user.createdAt)],
  ]
  return lines.map(([name, value]) => `${name.padEnd(14)}${printable(value)}`).join('\n')
}

function secondFactor({ hasSecondFactor, recoveryCodesLeft, role }: UserDetail): string {
  if (hasSecondFactor) return `on, ${recoveryCodesLeft} recovery codes left`
  return role === 'buyer' || role === 'seller'
    ? 'off'
    : 'off: asked for at the next login, before anything else'
}
