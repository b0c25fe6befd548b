import { type IncomingMessage, request } from 'node:http'
import { request as secureRequest } from 'node:https'

/** Where a process is asked: at an address, or at a unix socket that it alone has. */
export type Place = { url: string } | { door: string }
export type Told = { status: number; headers: IncomingMessage['headers']; body: string }

const LARGEST = 4_000_000

/** One GET on a connection of its own, with a limit to its whole time. */
export function ask(place: Place, path: string, timeoutMs = 5_000): Promise<Told> {
  const signal = AbortSignal.timeout(timeoutMs)
  // a connection each: a kept one would stay with the release it was made to
  const options = { agent: false as const, signal, headers: { accept: 'application/json' } }
  return new Promise((resolve, reject) => {
    const hear = (answer: IncomingMessage) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', chunk => {
        body += chunk
        if (body.length > LARGEST) answer.destroy(new Error('the answer is too long'))
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }))
    }
    const sent =
      'door' in place
        ? request({ ...options, socketPath: place.door, path }, hear)
        : (place.url.startsWith('https:') ? secureRequest : request)(new URL(path, place.url), options, hear)
    sent.on('error', error =>
      reject(signal.aborted ? new Error(`no answer within ${timeoutMs / 1_000} s`) : error),
    )
    sent.end()
  })
}

export const ready = (commit: string): string => `/api/v1/health/ready?commit=${encodeURIComponent(commit)}`

/** Null where it is ready and of this commit; else what it says. */
export async function notReady(place: Place, commit: string): Promise<string | null> {
  try {
    const { status, body } = await ask(place, ready(commit))
    if (status === 200 && /"ready":\s*true/.test(body)) return null
    const reasons = /"reasons":\s*\[([^\]]*)\]/.exec(body)?.[1]
    return reasons ? reasons.replaceAll('"', '') : `answers ${status}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
