import { createHash } from 'node:crypto'
import { AppError } from '../platform/errors.js'

/** The header's value, bare or as the quoted structured-field string of draft-ietf-httpapi-idempotency-key-header. */
export function readIdempotencyKey(header: string): string {
  if (header === '') {
    throw new AppError(
      'malformed',
      'idempotency.key_missing',
      'This request needs an Idempotency-Key header.',
    )
  }
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new AppError(
      'malformed',
      'idempotency.key_malformed',
      'An Idempotency-Key has 1 to 255 visible ASCII characters.',
    )
  }
  return key
}

/** sha256 over method, path and body, the body's members in one order whatever order they came in. */
export function fingerprint(method: string, path: string, body: unknown): Buffer {
  return createHash('sha256')
    .update(`${method}\n${path}\n${canonical(body)}`)
    .digest()
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
  return `{${members.join(',')}}`
}
