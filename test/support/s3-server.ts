import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

export const LOGIN = {
  id: 'AKIDTESTS',
  secret: 'a/secret+with/marks==',
  region: 'me-south-1',
  bucket: 'parts',
}

/**
 * S3's protocol by its description, on what this project needs of it: Signature Version 4 is checked to the byte, the
 * body against its announced hash, and errors come as S3's XML. `fail(n)` answers the next n requests with 503.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export async function startS3() {
  const objects = new Map<string, { bytes: Buffer; type: string }>()
  const asked: string[] = []
  let failures = 0

  const server = createServer(async (req, res) => {
    const body = Buffer.concat(await req.toArray())
    const answer = (status: number, content: string | Buffer = '', type = 'application/xml') =>
      res
        .writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(content) })
        .end(content)
    asked.push(`${req.method} ${req.url}`)
    if (failures > 0) {
      failures -= 1
      return answer(503, '<Error><Code>SlowDown</Code></Error>')
    }
    const wrong = problemOf(req, body)
    if (wrong) return answer(403, `<Error><Code>${wrong}</Code></Error>`)
    const [, bucket, ...rest] = (req.url ?? '').split('/')
    const key = rest.join('/')
    if (bucket !== LOGIN.bucket) return answer(404, '<Error><Code>NoSuchBucket</Code></Error>')
    const object = objects.get(key)
    if (req.method === 'PUT') {
      objects.set(key, { bytes: body, type: String(req.headers['content-type']) })
      return answer(200)
    }
    if (req.method === 'DELETE') {
      objects.delete(key)
      return answer(204)
    }
    if (!object) return answer(404, req.method === 'HEAD' ? '' : '<Error><Code>NoSuchKey</Code></Error>')
    return answer(200, req.method === 'HEAD' ? '' : object.bytes, object.type)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const login = `${LOGIN.id}:${encodeURIComponent(LOGIN.secret)}`
  return {
    objects,
    asked,
    storageUrl: `s3+http://${login}@127.0.0.1:${port}/${LOGIN.bucket}?region=${LOGIN.region}`,
    fail: (count: number) => {
      failures = count
    },
    close: () => closed(server),
  }
}

const closed = (server: Server) => {
  server.closeAllConnections()
  return new Promise(resolve => server.close(resolve))
}

/** What is wrong with a request's signature, by S3's own names. */
function problemOf(req: IncomingMessage, body: Buffer): string | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      req.headers.authorization ?? '',
    )
  if (!match) return 'AuthorizationHeaderMalformed'
  const [, id, day, region, names, signature] = match as unknown as string[]
  if (id !== LOGIN.id) return 'InvalidAccessKeyId'
  if (region !== LOGIN.region) return 'AuthorizationHeaderMalformed'
  const announced = String(req.headers['x-amz-content-sha256'])
  if (announced !== 'UNSIGNED-PAYLOAD' && announced !== sha256(body)) return 'XAmzContentSHA256Mismatch'
  const signed = String(names).split(';')
  if (!signed.includes('host')) return 'SignatureDoesNotMatch'
  const canonical = [
    req.method,
    String(req.url).split('?')[0],
    '',
    ...signed.map(name => `${name}:${String(req.headers[name]).trim()}`),
    '',
    names,
    announced,
  ].join('\n')
  const at = String(req.headers['x-amz-date'])
  const scope = `${day}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical)].join('\n')
  const key = hmac(hmac(hmac(hmac(`AWS4${LOGIN.secret}`, String(day)), String(region)), 's3'), 'aws4_request')
  return hmac(key, toSign).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch'
}
