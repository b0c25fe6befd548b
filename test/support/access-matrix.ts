import type { Operation } from '../../api/http/operation.js'
import { ROLES, type Role } from '../../api/platform/actor.js'

/** Everybody who may come: a stranger, the roles, and a seller's system with a key. */
export const CALLERS = ['anonymous', ...ROLES, 'API key'] as const
export type Caller = (typeof CALLERS)[number]

const isRole = (caller: Caller): caller is Role => (ROLES as readonly string[]).includes(caller)

/** What the operations themselves say of who may call them. */
export function mayCall({ access, scope }: Operation, caller: Caller): boolean {
  if (access === 'anyone') return true
  if (caller === 'API key') return scope !== undefined && access.includes('seller')
  return isRole(caller) && access.includes(caller)
}

const mark = (op: Operation, caller: Caller): string => {
  if (!mayCall(op, caller)) return ''
  return caller === 'API key' && op.scope ? op.scope : '✓'
}

/** The matrix as docs/access.md holds it: an operation more, or a door opened, is a line in a review. */
export function accessTable(operations: readonly Operation[]): string {
  const head = ['operation', '', ...CALLERS, 'signed']
  const rows = operations.map(op => [
    op.id,
    `\`${op.method.toUpperCase()} ${op.path}\``,
    ...CALLERS.map(caller => mark(op, caller)),
    op.signed ? '✓' : '',
  ])
  const lines = [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`)
  return lines.map(line => line.replace(/ {2,}/g, ' ')).join('\n')
}
