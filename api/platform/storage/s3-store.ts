import { createHash } from 'node:crypto'
import { AwsClient } from 'aws4fetch'
import { AppError } from '../errors.js'
import { assertKey, type Store } from './store.js'

const TIMEOUT_MS = 10_000

export type Bucket = {
  /** `https://s3.me-south-1.amazonaws.com/bucket`: addressed by path, as every S3-compatible server understands. */
  url: string
  region: string
  accessKeyId: string
  secretAccessKey: string
}

/**
 * A bucket of Amazon S3 or what speaks its protocol (MinIO, Ceph, STC Cloud): PutObject, GetObject, HeadObject and
 * DeleteObject with Signature Version 4. All four may be repeated, and are, with back-off, on 5xx and 429.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html
 */
export function createS3Store({ url, region, accessKeyId, secretAccessKey }: Bucket): Store {
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 3 })

  const ask = async (method: string, key: string, init: RequestInit = {}): Promise<Response> => {
    const address = `${url}/${assertKey(key)}`
    try {
      return await client.fetch(address, { ...init, method, signal: AbortSignal.timeout(TIMEOUT_MS) })
    } catch (cause) {
      throw away({}, cause)
    }
  }

  return {
    async put(key, bytes, type) {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      // the server compares: bytes that changed on their way are refused
      const headers = { 'content-type': type, 'x-amz-content-sha256': sha256 }
      const answer = await ask('PUT', key, { body: new Uint8Array(bytes), headers })
      await drain(answer)
      if (!answer.ok) throw away({ status: answer.status })
    },

    async get(key) {
      const answer = await ask('GET', key)
      if (answer.ok) return bytesOf(answer)
      const words = await answer.text().catch(() => '')
      // a bucket that is not there says nothing of the file
      if (answer.status === 404 && !words.includes('NoSuchBucket')) return undefined
      throw away({ status: answer.status })
    },

    async has(key) {
      const answer = await ask('HEAD', key)
      await drain(answer)
      if (answer.ok || answer.status === 404) return answer.ok
      throw away({ status: answer.status })
    },

    async remove(key) {
      const answer = await ask('DELETE', key)
      await drain(answer)
      if (!answer.ok && answer.status !== 404) throw away({ status: answer.status })
    },
  }
}

async function bytesOf(answer: Response): Promise<Buffer> {
  try {
    return Buffer.from(await answer.arrayBuffer())
  } catch (cause) {
    throw away({}, cause)
  }
}

/** So that the connection is free for the next request. */
const drain = async (answer: Response): Promise<void> =>
  void (await answer.arrayBuffer().catch(() => undefined))

const away = (details: { status?: number }, cause?: unknown) =>
  new AppError('unavailable', 'storage.unavailable', 'The file storage does not answer.', details, { cause })
