import type { Environment } from './environment.js'
import type { Problem } from './rules.js'

/** All of it, or none: half a provider would take payments and never hear of them. */
export function hyperpay(env: Environment): Problem[] {
  const problems: Problem[] = []
  if (env.HYPERPAY_ACCESS_TOKEN !== undefined) {
    if (!HYPERPAY_ENTITIES.some(name => env[name] !== undefined))
      problems.push({ name: 'HYPERPAY_ENTITY_ID', problem: 'is required with HYPERPAY_ACCESS_TOKEN' })
    if (env.HYPERPAY_WEBHOOK_SECRET === undefined)
      problems.push({ name: 'HYPERPAY_WEBHOOK_SECRET', problem: 'is required with HYPERPAY_ACCESS_TOKEN' })
  }
  const host = new URL(env.HYPERPAY_API_URL).hostname
  const isTest = /(^|[.-])test([.-]|$)/.test(host) || isLoopback(host)
  if (env.HYPERPAY_ACCESS_TOKEN !== undefined && env.NODE_ENV === 'production' && isTest)
    problems.push({ name: 'HYPERPAY_API_URL', problem: 'is a test system, in production' })
  if (env.HYPERPAY_ACCESS_TOKEN !== undefined && env.NODE_ENV === 'staging' && !isTest)
    problems.push({ name: 'HYPERPAY_API_URL', problem: 'is the live system, in staging' })
  if (env.HYPERPAY_WHOLE_AMOUNTS && !isTest)
    problems.push({ name: 'HYPERPAY_WHOLE_AMOUNTS', problem: 'is for test systems only' })
  return problems
}

const HYPERPAY_ENTITIES = [
  'HYPERPAY_ENTITY_ID',
  'HYPERPAY_ENTITY_ID_MADA',
  'HYPERPAY_ENTITY_ID_APPLEPAY',
] as const

/**
 * The key, not the address, decides whether money moves. Tap writes which in front of it: one that says neither is taken
 * for a test key, and must not pass for one where that matters.
 */
export function tapKeys(env: Environment): Problem[] {
  const { NODE_ENV } = env
  const wanted = { production: 'sk_live_', staging: 'sk_test_', development: '', test: '' }[NODE_ENV]
  return (['TAP_SECRET_KEY', 'TAP_SECRET_KEY_PREVIOUS'] as const).flatMap(name => {
    const key = env[name]
    if (key === undefined) return []
    const kind = /^sk_(live|test)_/.exec(key)?.[1]
    if (kind !== undefined && kind !== (NODE_ENV === 'production' ? 'live' : 'test'))
      return [{ name, problem: `is a ${kind} key, in ${NODE_ENV}` }]
    return key.startsWith(wanted) ? [] : [{ name, problem: `must begin ${wanted} in ${NODE_ENV}` }]
  })
}

/** This machine. */
export const isLoopback = (hostname: string) => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
