import { rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { freePort } from '../../api/embedded/loopback.js'
import { endProcess, signalProcess } from '../../api/embedded/process.js'
import { type EmbeddedRedis, removeRedis, startRedis } from '../../api/embedded/redis.js'

/**
 * A Redis with its data on disk that can be killed and started again, always under the same address: an
 * embedded one takes a new port each time, so a relay stands before it. While Redis is away nobody listens.
 */
export async function restartableRedis(dataDir: string) {
  let redis: EmbeddedRedis | undefined
  let relay: Server | undefined
  const sockets = new Set<Socket>()
  const port = await freePort()
  let password = ''

  async function start(): Promise<void> {
    redis = await startRedis({ dataDir })
    password = new URL(redis.url).password
    const { port: behind } = redis
    const server = createServer(client => {
      const upstream = connect(behind, '127.0.0.1')
      for (const [one, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(one)
        one
          .on('error', () => undefined)
          .on('close', () => {
            sockets.delete(one)
            other.destroy()
          })
        one.pipe(other)
      }
    })
    relay = server
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
  }

  async function kill(): Promise<void> {
    const closed = new Promise(resolve => (relay ? relay.close(resolve) : resolve(undefined)))
    if (redis) await endProcess(redis.who, [['SIGKILL', 5_000]])
    for (const socket of sockets) socket.destroy()
    await closed
    redis = relay = undefined
  }

  await start()
  return {
    url: `redis://:${password}@127.0.0.1:${port}/0`,
    start,
    kill,
    /** After a kill: what it had written is gone too. */
    loseData: () => rmSync(join(dataDir, 'data'), { recursive: true, force: true }),
    /** FLUSHALL. */
    async flush(): Promise<void> {
      const client = new Redis((redis as EmbeddedRedis).url)
      await client.flushall()
      client.disconnect()
    },
    /** Accepts connections and answers nothing, until continued. */
    freeze: () => signalProcess((redis as EmbeddedRedis).who.pid, 'SIGSTOP'),
    thaw: () => signalProcess((redis as EmbeddedRedis).who.pid, 'SIGCONT'),
    async remove(): Promise<void> {
      await kill()
      await removeRedis(dataDir)
    },
  }
}

export type RestartableRedis = Awaited<ReturnType<typeof restartableRedis>>
