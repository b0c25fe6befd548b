import { makeSecrets } from './secrets.js'

/**
 * Every problem of the environment at once, before anything is started or written. Stand-ins take the place of
 * what start itself provides, so that only what the user set can be wrong.
 */
export async function checkEnvironment(env: NodeJS.ProcessEnv): Promise<void> {
  const { readConfig } = await import('../../api/platform/config/index.js')
  const {
    TAP_SECRET_KEY,
    TAP_PUBLIC_KEY,
    HYPERPAY_ACCESS_TOKEN: _,
    HYPERPAY_WEBHOOK_SECRET: __,
    ...secrets
  } = makeSecrets()
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()))
  readConfig(
    {
      ...secrets,
      DATABASE_URL: 'postgres://127.0.0.1/cargoparts',
      STORAGE_URL: 'file:///files',
      ...(given.REDIS_HOST ? {} : { REDIS_URL: 'redis://127.0.0.1' }),
      // real keys mean the real Tap, and then both are the user's
      ...(given.TAP_SECRET_KEY ? {} : { TAP_SECRET_KEY, TAP_PUBLIC_KEY }),
      ...given,
    },
    'api',
  )
}
