import type { Role } from '../../platform/actor.js'
import type { Statement } from '../../platform/reads.js'
import type { Term } from './user-term.js'

export type Standing = 'ACTIVE' | 'BLOCKED'
export type UserFilters = {
  term?: Term | undefined
  role?: Role | undefined
  status?: Standing | undefined
}
export type UserCard = {
  id: string
  email: string
  name: string
  phone: string | null
  role: Role
  status: Standing
  createdAt: Date
  shopId: string | null
  tradeName: string | null
}
export type UserDetail = UserCard & {
  locale: 'ar' | 'en'
  emailVerifiedAt: Date | null
  phoneVerifiedAt: Date | null
  hasSecondFactor: boolean
  recoveryCodesLeft: number
  activeSessions: number
  blockedAt: Date | null
  blockedReason: string | null
  shopStatus: string | null
}

const CARD = `u.id, u.email, u.name, u.phone, u.role, u.status, u.created_at as "createdAt",
  s.id as "shopId", s.trade_name as "tradeName"`

/**
 * Accounts, the newest first: ids are in the order they were made. Each way to find some is a branch that reads one
 * page by its own index. Reads users and sellers.
 */
export function usersFound(
  { term, role, status }: UserFilters,
  { before, limit }: { before: string | undefined; limit: number },
): { statement: Statement; values: unknown[] } {
  const values: unknown[] = []
  const put = (value: unknown): string => `$${values.push(value)}`
  const most = put(limit)
  const always = [
    ...(role ? [`u.role = ${put(role)}`] : []),
    ...(status ? [`u.status = ${put(status)}`] : []),
    ...(before ? [`u.id < ${put(before)}`] : []),
  ]
  const branch = ({ from, where }: Branch) => {
    const all = [...where, ...always]
    const rows = `select u.id from ${from} ${all.length > 0 ? `where ${all.join(' and ')}` : ''}`
    return `(${rows} order by u.id desc limit ${most})`
  }
  const text = `
    with found as (${branchesOf(term, put).map(branch).join(' union ')})
    select ${CARD} from found f join users u on u.id = f.id left join sellers s on s.owner_id = u.id
    order by u.id desc limit ${most}`
  return { statement: { text }, values }
}

type Branch = { from: string; where: string[] }
const SHOPS = 'sellers s join users u on u.id = s.owner_id'

function branchesOf(term: Term | undefined, put: (value: unknown) => string): Branch[] {
  const people = (...where: string[]): Branch => ({ from: 'users u', where })
  const addresses = (start: string) => people(`u.email like ${put(`${escaped(start)}%`)}`)
  if (!term) return [people()]
  if (term.kind === 'id') return [people(`u.id = ${put(term.id)}`)]
  if (term.kind === 'email') return [addresses(term.start)]
  if (term.kind === 'phone') return [people(`u.phone = ${put(term.phone)}`)]
  if (term.kind === 'cr') return [{ from: SHOPS, where: [`s.cr_number = ${put(term.number)}`] }]
  const like = term.words.map(word => put(`%${word}%`))
  return [
    people(...like.map(each => `lower(fold(u.name)) like ${each}`)),
    { from: SHOPS, where: like.map(each => `lower(fold(s.trade_name)) like ${each}`) },
    ...(term.start === undefined ? [] : [addresses(term.start)]),
  ]
}

const escaped = (text: string): string => text.replace(/[%_\\]/g, '\\$&')

/** One account with what the back office has to know of it, now ($2). Reads users, sellers, sessions, recovery_codes. */
export const USER_DETAIL: Statement = {
  text: `
    select ${CARD}, s.status as "shopStatus", u.locale, u.email_verified_at as "emailVerifiedAt",
      u.phone_verified_at as "phoneVerifiedAt", u.has_second_factor as "hasSecondFactor",
      u.blocked_at as "blockedAt", u.blocked_reason as "blockedReason",
      (select count(*) from recovery_codes c where c.user_id = u.id and c.used_at is null) as "recoveryCodesLeft",
      (select count(*) from sessions e
       where e.user_id = u.id and e.revoked_at is null and e.expires_at > $2) as "activeSessions"
    from users u left join sellers s on s.owner_id = u.id
    where u.id = $1`,
}
