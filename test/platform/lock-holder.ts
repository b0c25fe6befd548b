import { createInterface } from 'node:readline'
import { createContext } from '../../api/context.js'
import { readConfig } from '../../api/platform/config/index.js'
import { createLogger } from '../../api/platform/logger.js'

/**
 * A process that holds a lock and knows nothing of being paused. It says `held` when it has it, and at a line on its
 * input writes under it, first without asking for its fence and then with: it prints what came of each.
 */
const config = readConfig(process.env, 'worker')
const logger = createLogger({ level: 'error', environment: 'test', stderr: true })
const { db, locks, close } = createContext(config, { logger, role: 'worker' })
const [, , name = '', ttlMs = ''] = process.argv
const lock = await locks.acquire(name, { ttlMs: Number(ttlMs) })
console.log(`held ${lock.fence}`)

for await (const _line of createInterface(process.stdin)) {
  const outcome = await db
    .transaction(async trx => {
      await trx('protected').insert({ written_by: 'paused' })
      await lock.assertHeld(trx)
      return 'written'
    })
    .catch(error => error.code)
  console.log(outcome)
  await lock.release().catch(() => undefined)
  break
}
await close()
process.exit(0)
