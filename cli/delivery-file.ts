import { AppError } from '../api/platform/errors.js'

export type DeliveryFile = { header(name: string): string; body: Buffer }

/**
 * A delivery as it was caught: header lines, an empty line, the body to its last byte. A first line such as
 * `POST /… HTTP/1.1` is passed over; line ends of headers may be of either kind.
 */
export function readDelivery(bytes: Buffer): DeliveryFile {
  const end = /\r?\n\r?\n/.exec(bytes.toString('latin1'))
  if (!end)
    throw new AppError(
      'malformed',
      'cli.no_delivery',
      'Not a delivery: header lines, an empty line and the body are expected.',
    )
  const headers = new Map<string, string>()
  for (const line of bytes.subarray(0, end.index).toString('latin1').split(/\r?\n/)) {
    const [, name, value] = /^([\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) headers.set(name.toLowerCase(), value)
  }
  return {
    header: name => headers.get(name.toLowerCase()) ?? '',
    body: bytes.subarray(end.index + end[0].length),
  }
}

/** Whose it must be, by the proof it carries. */
export function providerOf({ header }: DeliveryFile): string | undefined {
  if (header('hashstring') !== '') return 'tap'
  return header('x-initialization-vector') !== '' || header('x-authentication-tag') !== ''
    ? 'hyperpay'
    : undefined
}
