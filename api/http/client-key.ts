import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import type { Actor } from '../platform/actor.js'

/** Who is counted: the person who is signed in, wherever they are; a stranger by the address they come from. */
export function callerKey(actor: Actor, ip: string): string {
  return actor.kind === 'user' ? `user:${actor.id}` : `ip:${networkOf(ip)}`
}

/** An account that is tried, as Redis may hold it: not by name. */
export function accountKey(account: string): string {
  return `account:${createHash('sha256').update(account).digest('base64url').slice(0, 22)}`
}

/**
 * What one subscriber has: an IPv4 address, or the 64 bits before the part of an IPv6 address that its owner chooses
 * freely (RFC 4291, 2.5.1). An IPv4 address written as IPv6 is the IPv4 address.
 */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip
  // the URL parser writes every address in one way (RFC 5952)
  const [head = '', tail] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::')
  const [before, after] = [groupsIn(head), groupsIn(tail ?? '')]
  const zeros = tail === undefined ? 0 : 8 - before.length - after.length
  const groups = [...before, ...Array<string>(zeros).fill('0'), ...after]
  return ipv4In(groups) ?? `${groups.slice(0, 4).join(':')}::/64`
}

const groupsIn = (text: string): string[] => (text === '' ? [] : text.split(':'))

function ipv4In(groups: string[]): string | undefined {
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return undefined
  const bytes = groups.slice(6).flatMap(group => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
  return bytes.join('.')
}
