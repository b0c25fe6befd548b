import { SHARED_CLASSES } from '../rate-limits.js'
import { Environment, type VariableName } from './environment.js'
import { hyperpay, isLoopback, tapKeys } from './provider-rules.js'

/** What a process is for. A migration needs no payment key, so it is not asked for one. */
export type Purpose = 'database' | 'command' | 'worker' | 'api'

export type Problem = { name: string; problem: string }

const NEEDED: Record<Purpose, VariableName[]> = {
  database: ['DATABASE_URL'],
  command: ['DATABASE_URL'],
  worker: [
    'DATABASE_URL',
    'SESSION_SECRET',
    'TAP_SECRET_KEY',
    'PAYMENT_ENCRYPTION_KEY',
    'PAYMENT_SALT',
    'AUDIT_SALT',
    'STORAGE_URL',
  ],
  api: [
    'DATABASE_URL',
    'JWT_SECRET',
    'JWT_REFRESH_SECRET',
    'SESSION_SECRET',
    'TAP_SECRET_KEY',
    'TAP_PUBLIC_KEY',
    'PAYMENT_ENCRYPTION_KEY',
    'PAYMENT_SALT',
    'AUDIT_SALT',
    'STORAGE_URL',
  ],
}

/** version=day of deprecation/day of sunset */
export const DEPRECATION = /^(v\d+)=(\d{4}-\d{2}-\d{2})\/(\d{4}-\d{2}-\d{2})$/

const SECRETS: VariableName[] = [
  'JWT_SECRET',
  'JWT_REFRESH_SECRET',
  'JWT_SECRET_PREVIOUS',
  'JWT_REFRESH_SECRET_PREVIOUS',
  'SESSION_SECRET',
  'PAYMENT_ENCRYPTION_KEY',
  'PAYMENT_SALT',
  'AUDIT_SALT',
  'HYPERPAY_ACCESS_TOKEN',
  'HYPERPAY_WEBHOOK_SECRET',
  'TAP_SECRET_KEY',
  'TAP_SECRET_KEY_PREVIOUS',
]

/** Optional services whose use sends personal data abroad (PDPL article 29). */
const ABROAD: VariableName[] = ['SENTRY_DSN', 'DATADOG_API_KEY', 'MIXPANEL_TOKEN', 'AWS_REGION']

/** Where keys, sums and people's data are sent. */
const PROVIDERS = [
  'TAP_API_URL',
  'HYPERPAY_API_URL',
  'UNIFONIC_API_URL',
  'TWILIO_API_URL',
  'PAGERDUTY_API_URL',
  'WATHQ_API_URL',
  'ACCOUNT_CHECK_API_URL',
  'ZATCA_API_URL',
  'MIXPANEL_API_URL',
] as const satisfies VariableName[]

/** OWASP Password Storage: N = 2^17. */
const LEAST_SCRYPT = 17

/** The rules that look at more than one variable. Names only: a value never reaches a message. */
export function problemsOf(env: Environment, purpose: Purpose): Problem[] {
  return [
    ...missing(env, purpose),
    ...equalSecrets(env),
    ...poolOrder(env),
    ...versions(env),
    ...origins(env),
    ...hyperpay(env),
    ...limitClasses(env),
    ...productionRules(env, purpose),
  ]
}

export function warningsOf(env: Environment): string[] {
  const abroad = ABROAD.filter(name => env[name] !== undefined).map(
    name => `${name} is set: data about people leaves the Kingdom.`,
  )
  return [...abroad, ...oneRole(env)]
}

/** An owner may change every table, whatever was revoked from it. */
function oneRole(env: Environment): string[] {
  const owner = env.DATABASE_OWNER_URL ?? env.DATABASE_DIRECT_URL
  if (env.NODE_ENV !== 'production' || env.DATABASE_URL === undefined || owner === undefined) return []
  return new URL(env.DATABASE_URL).username === new URL(owner).username
    ? [
        'DATABASE_URL signs in as the owner of the schema: nothing but convention keeps it from changing invoices and the audit log.',
      ]
    : []
}

function missing(env: Environment, purpose: Purpose): Problem[] {
  const problems = NEEDED[purpose]
    .filter(name => env[name] === undefined)
    .map(name => ({ name, problem: 'is required' }))
  const needsRedis = purpose === 'api' || purpose === 'worker'
  if (needsRedis && env.REDIS_URL === undefined && env.REDIS_HOST === undefined) {
    problems.push({ name: 'REDIS_URL' as VariableName, problem: 'is required (or REDIS_HOST)' })
  }
  return problems
}

/** Each secret has one use, so that a leak of one opens one door. */
function equalSecrets(env: Environment): Problem[] {
  return SECRETS.flatMap((name, index) =>
    SECRETS.slice(index + 1)
      .filter(other => env[name] !== undefined && env[name] === env[other])
      .map(other => ({ name: other, problem: `must differ from ${name}` })),
  )
}

function poolOrder(env: Environment): Problem[] {
  return env.DATABASE_POOL_MIN > env.DATABASE_POOL_MAX
    ? [{ name: 'DATABASE_POOL_MIN', problem: 'must not exceed DATABASE_POOL_MAX' }]
    : []
}

function versions(env: Environment): Problem[] {
  const problems: Problem[] = []
  const supported = env.API_VERSIONS_SUPPORTED
  if (supported.length === 0 || supported.some(version => version !== 'v1')) {
    problems.push({ name: 'API_VERSIONS_SUPPORTED', problem: 'must name versions this release has (v1)' })
  }
  if (!env.API_VERSIONS_DEPRECATED.every(isDeprecation)) {
    problems.push({
      name: 'API_VERSIONS_DEPRECATED',
      problem: 'must hold entries such as v1=2026-07-01/2027-01-31 (deprecated since/sunset)',
    })
  }
  return problems
}

function isDeprecation(entry: string): boolean {
  const [, , since, sunset] = DEPRECATION.exec(entry) ?? []
  return isDay(since) && isDay(sunset) && since < sunset
}

/** 2026-02-30 is none: it would come back as another day. */
function isDay(text: string | undefined): text is string {
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
}

/** A browser's Origin header has no path and no slash at its end: an entry that has would never match. */
function origins(env: Environment): Problem[] {
  const isOrigin = (entry: string) => URL.canParse(entry) && new URL(entry).origin === entry
  return env.CORS_ORIGINS.every(isOrigin)
    ? []
    : [{ name: 'CORS_ORIGINS', problem: 'must hold origins such as https://cargoparts.sa' }]
}

/** A name with a slip in it would leave a door open that somebody believes shut. */
function limitClasses(env: Environment): Problem[] {
  const known = new Set<string>([...SHARED_CLASSES, 'none'])
  return env.RATE_LIMITS_CLOSED.every(name => known.has(name))
    ? []
    : [{ name: 'RATE_LIMITS_CLOSED', problem: `must name classes of ${SHARED_CLASSES.join(', ')}, or none` }]
}

function productionRules(env: Environment, purpose: Purpose): Problem[] {
  if (purpose !== 'api' && purpose !== 'worker') return []
  const live = env.NODE_ENV === 'production'
  const problems: Problem[] = live || env.NODE_ENV === 'staging' ? strictRules(env) : []
  problems.push(...tapKeys(env))
  for (const name of ['API_URL', 'APP_URL'] as const) {
    if (live && env[name] !== DEFAULTS[name] && !env[name].startsWith('https://'))
      problems.push({ name, problem: 'must begin https:// in production' })
  }
  return problems
}

/** Where webhooks and buyers come back to: on a developer's machine only. */
const DEFAULTS = Environment.parse({})

/** Production's, and staging's too: what tests and development lower must not slip through with their settings. */
function strictRules(env: Environment): Problem[] {
  const problems: Problem[] = PROVIDERS.filter(name => {
    const url = env[name]
    return url !== undefined && !isPrivate(new URL(url))
  }).map(name => ({
    name,
    problem: 'must begin https://, or name this machine',
  }))
  if (env.ALERT_WEBHOOK_URL !== undefined && !isPrivate(new URL(env.ALERT_WEBHOOK_URL)))
    problems.push({ name: 'ALERT_WEBHOOK_URL', problem: 'must begin https://, or name this machine' })
  for (const name of ['API_URL', 'APP_URL'] as const) {
    if (env[name] === DEFAULTS[name]) problems.push({ name, problem: `must be set in ${env.NODE_ENV}` })
  }
  for (const name of ['MESSAGES_SANDBOX_URL', 'ZATCA_SANDBOX_URL'] as const)
    if (env[name] !== undefined) problems.push({ name, problem: `must not be set in ${env.NODE_ENV}` })
  if (env.SCRYPT_COST_LOG2 < LEAST_SCRYPT)
    problems.push({
      name: 'SCRYPT_COST_LOG2',
      problem: `must be at least ${LEAST_SCRYPT} in ${env.NODE_ENV}`,
    })
  return problems
}

/** Nobody on the way can read it. */
function isPrivate({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || isLoopback(hostname)
}
