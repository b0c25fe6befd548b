import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { createApp } from './app.js'
import { createContext } from './context.js'
import { isMain, untilSignal } from './entry.js'
import { createDrain } from './http/drain.js'
import { readConfig } from './platform/config/index.js'
import { AppError } from './platform/errors.js'
import { createLogger } from './platform/logger.js'
import { abandoned, doorOf, serveSupervised, tellReady } from './supervised.js'

const DRAIN_MS = 25_000

/** `port` is 0 where the supervisor holds it. */
export type RunningServer = { port: number; abandoned?: Promise<void>; close(): Promise<void> }

/**
 * HTTP: config → context → listen, or take connections from the supervisor. Closing finishes the requests in flight
 * first.
 */
export async function startServer(env: NodeJS.ProcessEnv): Promise<RunningServer> {
  // what is over after a request is promoted under load, and would be left until the heap has more than doubled
  setFlagsFromString('--heap-growing-percent=50')
  const config = readConfig(env, 'api')
  const logger = createLogger({ level: config.LOG_LEVEL, environment: config.NODE_ENV, gathered: true })
  for (const warning of config.warnings) logger.warn('config_warning', { warning })
  const context = createContext(config, { logger, role: 'api' })
  const server = createServer(
    {
      requestTimeout: 30_000,
      headersTimeout: 10_000,
      keepAliveTimeout: 65_000,
      // the time-outs are looked after at this interval, and half a minute would be as good as none
      connectionsCheckingInterval: 5_000,
    },
    createApp(context).callback(),
  )
  const drain = createDrain(server)
  const { health } = context.services
  const door = doorOf(env)
  if (door) await serveSupervised(server, door, { drain, health })
  else await listen(server, config.PORT, config.HOST)
  const port = door ? 0 : (server.address() as AddressInfo).port
  logger.info('api_listening', door ? { door, pid: process.pid } : { port, pid: process.pid })
  tellReady()

  return {
    port,
    ...(door ? { abandoned: abandoned() } : {}),
    async close() {
      logger.info('api_draining')
      health.drain()
      context.services.unreadStreams.close()
      drain.begin()
      // the load balancer in front needs a moment to see that we are not ready any more
      if (!door) await wait(config.DRAIN_DELAY_SECONDS * 1_000)
      await closeServer(server)
      await context.close()
      logger.info('api_stopped')
    },
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const isTaken = cause.code === 'EADDRINUSE'
      reject(
        isTaken
          ? new AppError('conflict', 'start.port_taken', `Port ${port} is taken.`, { port }, { cause })
          : cause,
      )
    })
    server.listen(port, host, resolve)
  })
}

/** Stops accepting, closes what is idle, waits for what is busy; cuts off what takes too long. */
function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    const hard = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
    // a connection that was busy at first becomes idle when its answer is out
    const sweep = setInterval(() => server.closeIdleConnections(), 50)
    server.close(() => {
      clearTimeout(hard)
      clearInterval(sweep)
      resolve()
    })
    server.closeIdleConnections()
  })
}

if (isMain(import.meta.url)) await untilSignal(() => startServer(process.env))
