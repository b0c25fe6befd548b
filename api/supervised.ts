import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Drain } from './http/drain.js'
import type { HealthService } from './modules/health/health-service.js'

/** What the supervisor tells a process of a release, and what it hears. cli/deploy/supervisor/member.ts is the other end. */
type Told = { kind: 'connection'; number: number } | { kind: 'drain' } | { kind: 'serve' }

/** Where the supervisor reaches this process alone, whoever serves the port: the path of a unix socket. */
export const doorOf = (env: NodeJS.ProcessEnv): string | undefined =>
  process.send && env.CARGOPARTS_DOOR ? env.CARGOPARTS_DOOR : undefined

/** Says that work may come. pm2 waits for the word itself (`wait_ready`), the supervisor for the message. */
export function tellReady(): void {
  process.send?.('ready')
}

/**
 * Takes connections from the supervisor, who holds the port, instead of listening on it: which release a client
 * reaches is decided in one place, and changes from one connection to the next.
 */
export async function serveSupervised(
  server: Server,
  door: string,
  { drain, health }: { drain: Drain; health: Pick<HealthService, 'drain'> },
): Promise<void> {
  process.on('message', (told: Told, socket: Socket | undefined) => {
    if (told.kind === 'connection') {
      // said before a byte of it is read: until then the supervisor may give it to another
      process.send?.({ took: told.number })
      take(server, socket)
    }
    if (told.kind === 'serve') {
      health.drain(false)
      drain.cancel()
    }
    if (told.kind === 'drain') {
      health.drain()
      drain.begin()
      drain.empty().then(() => process.send?.('drained'))
    }
  })
  await listenAt(server, door)
}

/** As node's own listener would have made it, had the connection come to it. */
function take(server: Server, socket: Socket | undefined): void {
  // the client left while its connection was handed over
  if (!socket) return
  socket.allowHalfOpen = true
  socket.setNoDelay(true)
  server.emit('connection', socket)
  socket.resume()
}

/** A worker's door answers one question: is it ready, and of which release is it? */
export async function openWorkerDoor(door: string, health: Pick<HealthService, 'ready'>): Promise<Server> {
  const server = createServer(async (request, answer) => {
    const url = new URL(request.url ?? '/', 'http://worker')
    if (url.pathname !== '/api/v1/health/ready') return void answer.writeHead(404).end()
    const state = await health.ready(url.searchParams.get('commit') ?? undefined)
    answer.writeHead(state.ready ? 200 : 503, { 'content-type': 'application/json' })
    answer.end(JSON.stringify(state))
  })
  await listenAt(server, door)
  return server
}

function listenAt(server: Server, door: string): Promise<void> {
  // what a killed process of this number left behind would be in the way
  rmSync(door, { force: true })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(door, resolve)
  })
}

/** Resolves when the supervisor is gone: nobody would ever ask us to stop. */
export const abandoned = (): Promise<void> =>
  new Promise(resolve => process.once('disconnect', () => resolve()))
