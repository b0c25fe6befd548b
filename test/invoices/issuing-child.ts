import { createContext } from '../../api/context.js'
import { readConfig } from '../../api/platform/config/index.js'
import { recordingLogger } from '../support/logger.js'

/*
 * A worker of tests, to be killed: writes all documents that are missing, many at once, and says a line for each. It is
 * done with none of them in an orderly way.
 */
const AT_ONCE = 8
const context = createContext(readConfig(process.env, 'command'), {
  logger: recordingLogger(),
  role: 'worker',
})
const { invoices } = context.services
const waiting = await invoices.lacking()

async function write(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    await invoices.generate(next)
    process.stdout.write('.')
  }
}

await Promise.all(Array.from({ length: AT_ONCE }, write))
await context.close()
