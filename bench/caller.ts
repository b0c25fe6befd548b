import http from 'node:http'

export type Call = {
  method?: 'GET' | 'POST'
  path: string
  token?: string
  body?: string
  headers?: Record<string, string>
}
export type Answer = { status: number; text: string }
export type Caller = (call: Call) => Promise<Answer>

/** node's own client over kept connections: it takes a third of the time of fetch, on cores others need too. */
export function createCaller(baseUrl: string, connections: number): { call: Caller; close(): void } {
  const { hostname, port } = new URL(baseUrl)
  const agent = new http.Agent({ keepAlive: true, maxSockets: connections })
  const call: Caller = ({ method = 'GET', path, token, body, headers = {} }) =>
    new Promise((resolve, reject) => {
      const request = http.request(
        {
          ...{ hostname, port, path, method, agent, timeout: 30_000 },
          headers: {
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
            ...(body === undefined
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
            ...headers,
          },
        },
        response => {
          const chunks: Buffer[] = []
          response.on('data', chunk => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') }),
          )
        },
      )
      request.on('timeout', () => request.destroy(new Error(`${method} ${path}: no answer in time`)))
      request.on('error', reject)
      request.end(body)
    })
  return { call, close: () => agent.destroy() }
}
