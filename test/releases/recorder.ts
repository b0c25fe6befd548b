import { appendFileSync } from 'node:fs'
import pg from 'pg'

/**
 * Loaded before the tests (`node --import`): writes down every statement that the code sends as the serving role and that was
 * answered, once a process, without values. What the tests send to see it refused is not the release's.
 */
const file = process.env.CARGOPARTS_RECORD_TO
const READS_OR_WRITES = /^\s*(select|insert|update|delete|with)\b/i
const seen = new Set<string>()
type Answered = (error: unknown, ...more: unknown[]) => void
// the driver's overloads come to this
const client = pg.Client.prototype as unknown as {
  query(this: { connectionParameters: { user: string } }, first: unknown, ...rest: unknown[]): unknown
}
const { query } = client

function keep(text: string): void {
  if (seen.has(text)) return
  seen.add(text)
  appendFileSync(file as string, `${JSON.stringify(text)}\n`)
}

if (file !== undefined)
  client.query = function recorded(first, ...rest) {
    const text = typeof first === 'string' ? first : (first as { text?: unknown } | null)?.text
    const isServing = this.connectionParameters.user === 'test_app'
    if (typeof text !== 'string' || !isServing || !READS_OR_WRITES.test(text))
      return query.call(this, first, ...rest)
    const at = rest.findIndex(each => typeof each === 'function')
    if (at >= 0) {
      const answered = rest[at] as Answered
      rest[at] = ((error, ...more) => {
        if (!error) keep(text)
        answered(error, ...more)
      }) satisfies Answered
      return query.call(this, first, ...rest)
    }
    const answer = query.call(this, first, ...rest)
    if (answer instanceof Promise) answer.then(() => keep(text)).catch(() => undefined)
    return answer
  }
