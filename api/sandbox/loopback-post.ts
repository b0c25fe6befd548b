import http from 'node:http'
import https from 'node:https'
import { BlockList, isIPv4, isIPv6, type LookupFunction } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Traffic of the sandbox never leaves the machine: only an address of the machine itself will do. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIPv4(host)) return loopback.check(host, 'ipv4')
  if (isIPv6(host)) return loopback.check(host, 'ipv6')
  return host === 'localhost' || host.endsWith('.localhost')
}

// Names are not asked of any resolver, which might answer with an address elsewhere (RFC 6761, 6.3).
const lookup: LookupFunction = (_name, options, done) => {
  const own = [
    { address: '127.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ]
  if (options.all) done(null, own)
  else done(null, '127.0.0.1', 4)
}

type Posted = { body: string; headers: Record<string, string>; signal: AbortSignal }

/** Sends and answers with the status. Redirects are not followed: they could lead away. */
export function postToLoopback(url: URL, { body, headers, signal }: Posted): Promise<number> {
  if (!isLoopback(url)) return Promise.reject(new Error('not an address of this machine'))
  const { request } = url.protocol === 'https:' ? https : http
  return new Promise((resolve, reject) => {
    const sending = request(url, { method: 'POST', headers, signal, lookup, agent: false }, response => {
      // The status is all that counts; an answer that breaks off after it is no failure.
      response.on('error', () => undefined).resume()
      resolve(response.statusCode ?? 0)
    })
    sending.on('error', reject)
    sending.end(body)
  })
}
