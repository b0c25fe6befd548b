import { pathToFileURL } from 'node:url'
import type { Secrets } from './secrets.js'
import type { Stage } from './stage.js'
import type { Cache, Database } from './storage.js'
import type { Tap } from './tap.js'

const OWN_SECRETS = [
  'JWT_SECRET',
  'JWT_REFRESH_SECRET',
  'SESSION_SECRET',
  'PAYMENT_ENCRYPTION_KEY',
  'PAYMENT_SALT',
  'AUDIT_SALT',
] as const

/** Settings of the user's shell that another shell's commands must see as well. */
const SHARED =
  /^(DATABASE|REDIS|TAP|HYPERPAY|UNIFONIC|TWILIO|SMTP|WATHQ|ACCOUNT_CHECK|SCRYPT|ENABLE|DEFAULT|VAT|RATE)_/

/** What API, worker and commands run with: the user's own settings first, then what this start made. */
export function environmentOf(
  { env, folder, host, port, baseUrl }: Stage,
  made: { secrets: Secrets; database: Database; cache: Cache; tap: Tap },
): Record<string, string> {
  const given = Object.entries(env).flatMap(([name, value]) =>
    value && SHARED.test(name) ? [[name, value] as const] : [],
  )
  const secrets = OWN_SECRETS.map(name => [name, env[name] || made.secrets[name]] as const)
  return {
    ...Object.fromEntries(given),
    ...Object.fromEntries(secrets),
    NODE_ENV: env.NODE_ENV || 'development',
    // here to be tried; production decides for itself
    ENABLE_2FA: env.ENABLE_2FA || 'true',
    ENABLE_API_KEYS: env.ENABLE_API_KEYS || 'true',
    HOST: host,
    PORT: String(port),
    API_URL: env.API_URL || baseUrl,
    // no client app runs here: the API's own page receives buyers who come back from paying
    APP_URL: env.APP_URL || baseUrl,
    DATABASE_URL: made.database.urls.serving,
    DATABASE_OWNER_URL: made.database.urls.owner,
    STORAGE_URL: env.STORAGE_URL || pathToFileURL(folder.files).href,
    ...(made.cache.url === null ? {} : { REDIS_URL: made.cache.url }),
    ...made.tap.env,
  }
}
