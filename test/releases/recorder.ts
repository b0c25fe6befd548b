import { appendFileSync } from 'node:fs'
import pg from 'pg'

/**
 * Loaded before the tests (`node --import`): writes down every statement that the code sends as the serving role, once a
 * process, without values.
 */
const file = process.env.CARGOPARTS_RECORD_TO
const READS_OR_WRITES = /^\s*(select|insert|update|delete|with)\b/i
const seen = new Set<string>()
// the driver's overloads come to this
const client = pg.Client.prototype as unknown as {
  query(this: { connectionParameters: { user: string } }, first: unknown, ...rest: unknown[]): unknown
}
const { query } = client

if (file !== undefined)
  client.query = function recorded(first, ...rest) {
    const text = typeof first === 'string' ? first : (first as { text?: unknown } | null)?.text
    const isServing = this.connectionParameters.user === 'test_app'
    if (typeof text === 'string' && isServing && READS_OR_WRITES.test(text) && !seen.has(text)) {
      seen.add(text)
      appendFileSync(file, `${JSON.stringify(text)}\n`)
    }
    return query.call(this, first, ...rest)
  }
