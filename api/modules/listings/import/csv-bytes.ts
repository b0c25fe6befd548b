import type { FileHandle } from 'node:fs/promises'
import { TextDecoder } from 'node:util'
import { AppError } from '../../../platform/errors.js'

export const MOST_BYTES = 64 * 1024 * 1024
/** Far more than the longest row our fields allow: what is longer is a quotation mark that was never closed. */
export const LONGEST_ROW = 64 * 1024

const [NUL, LF, CR] = [0, 10, 13]

/** The bytes of a file, each piece looked at: UTF-8, and no line that would fill the memory when it is parted. */
export async function* checkedBytes(file: FileHandle): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 0
  for await (const chunk of file.createReadStream({
    start: 0,
    autoClose: false,
    highWaterMark: 64 * 1024,
  })) {
    decode(decoder, chunk, true)
    line = longestLine(chunk, line)
    yield chunk
  }
  decode(decoder, new Uint8Array(), false)
}

function decode(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): void {
  try {
    decoder.decode(bytes, { stream })
  } catch (cause) {
    throw notUtf8(cause)
  }
}

/** How long the line is that goes on behind this piece; `before` is what stood of it in the pieces before. */
function longestLine(chunk: Buffer, before: number): number {
  let length = before
  for (const byte of chunk) {
    // UTF-16 is mostly valid UTF-8 for Latin letters, with a NUL beside each
    if (byte === NUL) throw notUtf8()
    length = byte === LF || byte === CR ? 0 : length + 1
    if (length > LONGEST_ROW) throw lineTooLong()
  }
  return length
}

function notUtf8(cause?: unknown): AppError {
  return new AppError(
    'malformed',
    'imports.not_utf8',
    'The file is not UTF-8. Save it as "CSV UTF-8".',
    {},
    { cause },
  )
}

const lineTooLong = () =>
  new AppError('malformed', 'imports.line_too_long', 'A line of the file is too long.')
