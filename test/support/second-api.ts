import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '../../api/app.js'
import { type Context, createContext } from '../../api/context.js'
import { readConfig } from '../../api/platform/config/index.js'
import { recordingLogger } from './logger.js'
import { type Answer, type RequestOptions, request } from './request.js'

export type SecondApi = {
  context: Context
  log: ReturnType<typeof recordingLogger>
  baseUrl: string
  send(path: string, options?: RequestOptions): Promise<Answer>
  close(): Promise<void>
}

/** Another API process, as it were: its own context and port, in an environment a test makes as it goes. */
export async function startSecondApi(env: Record<string, string>): Promise<SecondApi> {
  const log = recordingLogger()
  const context = createContext(readConfig(env, 'api'), { logger: log, role: 'api' })
  const server = createServer(createApp(context).callback())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    context,
    log,
    baseUrl,
    send: (path, options) => request(baseUrl, path, options),
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
      await context.close()
    },
  }
}
