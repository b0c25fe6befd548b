import { randomBytes } from 'node:crypto'

const CLASSES = [
  'AUTH_LOGIN',
  'AUTH_REGISTER',
  'PAYMENTS_CREATE',
  'API_STANDARD',
  'API_SEARCH',
  'CALLBACKS',
  'HEALTH',
]
const UNREACHED = Object.fromEntries(CLASSES.map(name => [`RATE_LIMIT_${name}`, '10000000/10s']))

/**
 * The environment of the measured system: staging, which keeps production's rules and may use the provider's
 * stand-in on this machine. Whatever production leaves at its default is left there. The secrets are of this
 * run alone.
 */
export function stagingEnvironment(over: {
  DATABASE_URL: string
  REDIS_URL: string
  TAP_API_URL: string
  TAP_SECRET_KEY: string
  STORAGE_URL: string
  PORT: string
}): Record<string, string> {
  const secret = () => randomBytes(24).toString('hex')
  return {
    NODE_ENV: 'staging',
    HOST: '127.0.0.1',
    NODE_OPTIONS: '--max-semi-space-size=4', // as docs/configuration.md advises
    API_URL: `http://127.0.0.1:${over.PORT}`,
    APP_URL: 'http://127.0.0.1:3001',
    LOG_LEVEL: 'info',
    JWT_SECRET: secret(),
    JWT_REFRESH_SECRET: secret(),
    SESSION_SECRET: secret(),
    PAYMENT_ENCRYPTION_KEY: randomBytes(32).toString('hex'),
    PAYMENT_SALT: secret(),
    AUDIT_SALT: secret(),
    // counted as in production, and never reached: all the load comes from one address
    ...UNREACHED,
    TAP_PUBLIC_KEY: `pk_test_${secret()}`,
    ...over,
  }
}
