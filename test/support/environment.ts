import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { Environment } from '../../api/platform/config/environment.js'

/** Limits that no test reaches. One that is about them asks for its own; an empty value is the documented default. */
const WIDE = Object.fromEntries(
  Object.keys(Environment.shape)
    .filter(name => name.startsWith('RATE_LIMIT_'))
    .map(name => [name, '1000000/1m']),
)

/** The second provider's account, at its stand-in. */
export const HYPERPAY = {
  HYPERPAY_ACCESS_TOKEN: 'hyperpay_test_token_of_the_tests',
  HYPERPAY_ENTITY_ID: 'entity-of-cards',
  HYPERPAY_ENTITY_ID_MADA: 'entity-of-mada',
  HYPERPAY_ENTITY_ID_APPLEPAY: 'entity-of-apple-pay',
  HYPERPAY_WEBHOOK_SECRET: '22'.repeat(32),
}

/** A complete environment for a test's context. The secrets are of no use anywhere else. */
export function testEnvironment(over: Record<string, string> = {}): Record<string, string> {
  return {
    NODE_ENV: 'test',
    PORT: '0',
    HOST: '127.0.0.1',
    API_URL: 'http://127.0.0.1:3000',
    APP_URL: 'http://127.0.0.1:3001',
    JWT_SECRET: 'test-access-secret-of-32-characters!',
    JWT_REFRESH_SECRET: 'test-refresh-secret-of-32-character!',
    SESSION_SECRET: 'test-session-secret-of-32-character!',
    PAYMENT_ENCRYPTION_KEY: '11'.repeat(32),
    PAYMENT_SALT: 'test-payment-salt',
    AUDIT_SALT: 'test-audit-salt-1',
    TAP_SECRET_KEY: 'sk_test_cargoparts_tests',
    TAP_PUBLIC_KEY: 'pk_test_cargoparts_tests',
    STORAGE_URL: pathToFileURL(path.join(tmpdir(), 'cargoparts-test-files')).href,
    SCRYPT_COST_LOG2: '10',
    ENABLE_2FA: 'true',
    ENABLE_API_KEYS: 'true',
    DATABASE_POOL_MIN: '0',
    LOG_LEVEL: 'error',
    ...WIDE,
    ...over,
  }
}
