import { createContext } from '../api/context.js'
import { readConfig } from '../api/platform/config/index.js'
import { createDatabase } from '../api/platform/database.js'
import { createLogger } from '../api/platform/logger.js'
import { createAccounts } from '../test/support/accounts.js'
import type { Database } from './services.js'

/**
 * Buyers who are signed in to the measured API: with its secrets, but from here, so that sixteen password
 * hashes of 128 MiB each are no part of the memory that is measured. A token is good for fifteen minutes.
 */
export async function signInBuyers(
  env: Record<string, string>,
  database: Database,
  count: number,
): Promise<string[]> {
  const config = readConfig({ ...env, NODE_ENV: 'test', SCRYPT_COST_LOG2: '10' }, 'api')
  const logger = createLogger({ level: 'error', environment: 'test', stderr: true })
  const context = createContext(config, { logger, role: 'command' })
  const owner = createDatabase({ url: database.ownerUrl, application: 'bench', poolMin: 0 })
  try {
    const accounts = createAccounts({ context, owner })
    const names = Array.from({ length: count }, (_, at) => `buyer:${at}` as const)
    return await Promise.all(names.map(name => accounts.token(name)))
  } finally {
    await owner.destroy()
    await context.close()
  }
}
