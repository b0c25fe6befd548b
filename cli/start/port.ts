import { createServer } from 'node:net'
import { freePort } from '../../api/embedded/loopback.js'
import { AppError } from '../../api/platform/errors.js'

/** The port the API will listen on, known to be free: asked before anything else is started. */
export async function claimPort(env: NodeJS.ProcessEnv, host: string): Promise<number> {
  const port = Number(env.PORT?.trim() || 3000)
  if (port === 0) return freePort()
  // ::1 as well: "localhost" would lead to whoever listens there.
  for (const address of new Set([host, '::1'])) {
    if (!(await isFree(port, address))) throw taken(port)
  }
  return port
}

const EVERYWHERE = ['127.0.0.1', '0.0.0.0', '::1', '::', 'localhost']

/** What to type to reach a server that listens on this host. */
export function baseUrlOf(host: string, port: number): string {
  const name = EVERYWHERE.includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}`
}

/** The port of the last time, so that links people have open stay good, or another one if it is taken. */
export async function samePortOrFree(previous: string | null): Promise<number> {
  const port = Number(previous ?? 0)
  return Number.isInteger(port) && port > 0 && (await isFree(port, '127.0.0.1')) ? port : freePort()
}

function isFree(port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') return resolve(false)
      // A machine without IPv6 cannot have anybody listening there.
      if (host === '::1') return resolve(true)
      reject(
        new AppError('invalid', 'start.port_unusable', `Cannot listen on ${host}:${port}: ${error.message}`),
      )
    })
    server.listen({ port, host }, () => server.close(() => resolve(true)))
  })
}

function taken(port: number): AppError {
  return new AppError(
    'conflict',
    'start.port_taken',
    `Port ${port} is taken by another program. Stop it, or choose another: PORT=${port + 1} npm start`,
    { port },
  )
}
