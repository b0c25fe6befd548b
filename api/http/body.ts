import type { IncomingMessage } from 'node:http'
import getRawBody from 'raw-body'
import secureJson from 'secure-json-parse'
import { AppError } from '../platform/errors.js'
import { checkValues } from './values.js'

export const BODY_LIMIT = 100 * 1024

export type Incoming = {
  req: IncomingMessage
  type: string
  length: number | undefined
  charset?: string
}

/** The body's bytes, bounded. Kept raw because a webhook's signature is taken over bytes. */
export async function readBytes({ req, length }: Incoming, limit: number): Promise<Buffer> {
  try {
    return await getRawBody(req, { limit, length: length ?? null })
  } catch (error) {
    if ((error as { type?: string }).type !== 'entity.too.large') throw incomplete(error)
    // the rest of the body is not read: the connection cannot carry another request
    req.resume()
    throw tooLarge(limit, error)
  }
}

export const tooLarge = (limit: number, cause?: unknown): AppError =>
  new AppError(
    'too_large',
    'request.too_large',
    `The body may have at most ${limit} bytes.`,
    { limit },
    { cause },
  )

export const incomplete = (cause: unknown): AppError =>
  new AppError('malformed', 'request.incomplete', 'The body did not arrive whole.', {}, { cause })

/** Another type than this one, another charset than UTF-8, or anything compressed is refused: 415. */
export function checkType({ req, type, charset }: Incoming, wanted: string | readonly string[]): void {
  const types = typeof wanted === 'string' ? [wanted] : wanted
  const accepted = { accepted: types }
  if (!types.includes(type)) {
    throw new AppError('unsupported_type', 'request.unsupported_type', `Send ${types.join(', ')}.`, accepted)
  }
  // RFC 8259: JSON is UTF-8, and what says otherwise would be read wrongly
  if (!/^(utf-?8)?$/i.test(charset ?? '')) {
    throw new AppError(
      'unsupported_type',
      'request.unsupported_type',
      `Send ${types.join(', ')} in UTF-8.`,
      accepted,
    )
  }
  // inflating what a stranger sends is work they choose for us
  if (!/^(identity)?$/i.test(req.headers['content-encoding'] ?? '')) {
    throw new AppError('unsupported_type', 'request.unsupported_encoding', 'Send the body uncompressed.')
  }
}

/** Not UTF-8, not JSON, too deep, NUL or `__proto__`: 400. */
export function parseJson(bytes: Buffer): unknown {
  const value = decode(bytes)
  checkValues(value, '#')
  return value
}

function decode(bytes: Buffer): unknown {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return secureJson.parse(text, undefined, { protoAction: 'error', constructorAction: 'error' })
  } catch (error) {
    throw new AppError('malformed', 'request.not_json', 'The body is not valid JSON.', {}, { cause: error })
  }
}
