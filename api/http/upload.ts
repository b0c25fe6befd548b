import { randomUUID } from 'node:crypto'
import { type FileHandle, open, rm } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import type { AppError } from '../platform/errors.js'
import { checkType, type Incoming, incomplete, tooLarge } from './body.js'

const LINGER_MS = 1_000

export type UploadLimits = { type: string; limit: number }

/**
 * A body too large for the memory, kept in a file nobody else can open: it has no name from its first byte on, so
 * that nothing is left of it whatever becomes of us. Whoever closes it ends it.
 */
export async function readUpload(incoming: Incoming, { type, limit }: UploadLimits): Promise<FileHandle> {
  checkType(incoming, type)
  if ((incoming.length ?? 0) > limit) throw await refusedUnread(incoming.req, limit)
  const file = await namelessFile()
  try {
    await spool(incoming.req, file, limit)
    return file
  } catch (error) {
    await file.close()
    throw error
  }
}

async function namelessFile(): Promise<FileHandle> {
  const name = path.join(tmpdir(), `cargoparts-upload-${randomUUID()}`)
  const file = await open(name, 'wx+', 0o600)
  await rm(name)
  return file
}

async function spool(req: IncomingMessage, file: FileHandle, limit: number): Promise<void> {
  let size = 0
  // the connection must outlive the loop, to carry the refusal
  for await (const chunk of whole(req.iterator({ destroyOnReturn: false }))) {
    size += chunk.length
    if (size > limit) throw await refusedUnread(req, limit)
    await file.appendFile(chunk)
  }
}

/** The pieces of a body; its breaking off is the client's doing. */
async function* whole(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* chunks
  } catch (error) {
    throw incomplete(error)
  }
}

/**
 * Lets the rest of the body go by for a while: a connection that is closed on a client who still sends is reset, and
 * the refusal lost with it.
 */
async function refusedUnread(req: IncomingMessage, limit: number): Promise<AppError> {
  req.resume()
  await finished(req, { signal: AbortSignal.timeout(LINGER_MS), writable: false }).catch(() => undefined)
  return tooLarge(limit)
}
