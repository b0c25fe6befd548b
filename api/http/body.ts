import type { IncomingMessage } from 'node:http'
import getRawBody from 'raw-body'
import secureJson from 'secure-json-parse'
import { AppError } from '../platform/errors.js'
import { checkValues } from './values.js'

export const BODY_LIMIT = 100 * 1024

type Incoming = { req: IncomingMessage; type: string; length: number | undefined; charset?: string }

/** The body's bytes, bounded. Kept raw because a webhook's signature is taken over bytes. */
export async function readBytes({ req, length }: Incoming, limit: number): Promise<Buffer> {
  try {
    return await getRawBody(req, { limit, length: length ?? null })
  } catch (error) {
    const type = (error as { type?: string }).type
    if (type === 'entity.too.large') {
      // the rest of the body is not read: the connection cannot carry another request
      req.resume()
      throw new AppError(
        'too_large',
        'request.too_large',
        `The body may have at most ${limit} bytes.`,
        { limit },
        { cause: error },
      )
    }
    throw new AppError(
      'malformed',
      'request.incomplete',
      'The body did not arrive whole.',
      {},
      { cause: error },
    )
  }
}

/** A JSON body. Wrong type 415; too long 413; not UTF-8, not JSON, too deep, NUL or `__proto__` 400. */
export async function readJson(incoming: Incoming, limit = BODY_LIMIT): Promise<unknown> {
  if (incoming.type !== 'application/json') {
    throw new AppError('unsupported_type', 'request.unsupported_type', 'Send application/json.', {
      accepted: ['application/json'],
    })
  }
  // RFC 8259: JSON is UTF-8, and what says otherwise would be read wrongly
  if (!/^(utf-?8)?$/i.test(incoming.charset ?? '')) {
    throw new AppError('unsupported_type', 'request.unsupported_type', 'Send application/json in UTF-8.', {
      accepted: ['application/json'],
    })
  }
  // inflating what a stranger sends is work they choose for us
  if (!/^(identity)?$/i.test(incoming.req.headers['content-encoding'] ?? '')) {
    throw new AppError('unsupported_type', 'request.unsupported_encoding', 'Send the body uncompressed.')
  }
  return parseJson(await readBytes(incoming, limit))
}

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
