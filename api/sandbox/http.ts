import type { IncomingMessage } from 'node:http'
import rawBody from 'raw-body'
import { parse as parseJson } from 'secure-json-parse'
import type { Operation } from './faults.js'
import { TapError } from './tap/errors.js'

export type Call = {
  params: Record<string, string>
  query: URLSearchParams
  headers: IncomingMessage['headers']
  bytes: () => Promise<Buffer>
}
export type Answer = { status: number; headers: Record<string, string>; body: string }
export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** `/v2/charges/:id`; a slash at the end makes no difference. */
  path: string
  /** A call faults can be put on. */
  operation?: Operation
  /** What it answers beside the status of such a fault. */
  failure?: object
  handle: (call: Call) => Answer | Promise<Answer>
}

const BODY_LIMIT = 256 * 1024

export function json(status: number, value: unknown): Answer {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' }
  return { status, headers, body: JSON.stringify(value) }
}

export const noContent: Answer = { status: 204, headers: {}, body: '' }

export function seeOther(location: string): Answer {
  return { status: 303, headers: { location, 'cache-control': 'no-store' }, body: '' }
}

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  try {
    return await rawBody(request, { limit: BODY_LIMIT, length: request.headers['content-length'] ?? null })
  } catch (error) {
    // What is left is read and thrown away, or the caller would see a reset instead of the answer.
    request.resume()
    const isTooLarge = error instanceof Error && 'status' in error && error.status === 413
    throw new TapError(isTooLarge ? 'body_too_large' : 'body')
  }
}

export async function readJson(call: Call): Promise<unknown> {
  const bytes = await call.bytes()
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new TapError('body')
  }
}

export async function readForm(call: Call): Promise<URLSearchParams> {
  return new URLSearchParams((await call.bytes()).toString('utf8'))
}
