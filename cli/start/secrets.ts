import { randomBytes } from 'node:crypto'
import { randomPassword, readIfPresent, writePrivate } from '../../api/embedded/private-file.js'

const SECRETS = {
  JWT_SECRET: () => randomBytes(32).toString('base64url'),
  JWT_REFRESH_SECRET: () => randomBytes(32).toString('base64url'),
  SESSION_SECRET: () => randomBytes(32).toString('base64url'),
  PAYMENT_ENCRYPTION_KEY: () => randomBytes(32).toString('hex'),
  PAYMENT_SALT: () => randomBytes(24).toString('base64url'),
  AUDIT_SALT: () => randomBytes(24).toString('base64url'),
  TAP_SECRET_KEY: () => `sk_test_${randomBytes(12).toString('hex')}`,
  TAP_PUBLIC_KEY: () => `pk_test_${randomBytes(12).toString('hex')}`,
  HYPERPAY_ACCESS_TOKEN: () => `hyperpay_test_${randomBytes(12).toString('hex')}`,
  HYPERPAY_WEBHOOK_SECRET: () => randomBytes(32).toString('hex'),
  DATABASE_OWNER_PASSWORD: randomPassword,
  DATABASE_APP_PASSWORD: randomPassword,
}

export type Secrets = Record<keyof typeof SECRETS, string>

export const makeSecrets = (): Secrets =>
  // The names are those of SECRETS.
  Object.fromEntries(Object.entries(SECRETS).map(([name, make]) => [name, make()])) as Secrets

/** Made once and then kept: sealed columns and the audit chain open only with the secrets they were made with. */
export function readOrMakeSecrets(file: string): { secrets: Secrets; made: number } {
  const text = readIfPresent(file)
  const present: Partial<Secrets> = text === null ? {} : JSON.parse(text)
  const names = Object.keys(SECRETS) as (keyof Secrets)[]
  const missing = names.filter(name => !present[name])
  for (const name of missing) present[name] = SECRETS[name]()
  if (missing.length > 0) writePrivate(file, `${JSON.stringify(present, null, 2)}\n`)
  // Every name of SECRETS was just filled in.
  return { secrets: present as Secrets, made: missing.length }
}
