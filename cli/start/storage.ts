import type { EmbeddedPostgres } from '../../api/embedded/postgres.js'
import type { EmbeddedRedis } from '../../api/embedded/redis.js'
import type { DatabaseUrls } from './database.js'
import type { Secrets } from './secrets.js'
import type { Stage } from './stage.js'

export type Database = { urls: DatabaseUrls; port: number | null }
export type Cache = { url: string | null; port: number | null }

/** The database the environment names, or an embedded one in the data folder. */
export async function startDatabase(stage: Stage, secrets: Secrets): Promise<Database> {
  const { env, folder, step, teardown, watch } = stage
  const given = env.DATABASE_URL
  if (given) {
    return step(
      'PostgreSQL',
      () => ({ urls: { serving: given, owner: env.DATABASE_OWNER_URL || given }, port: null }),
      fromEnv,
    )
  }
  const { startPostgres } = await import('../../api/embedded/postgres.js')
  const { ensureDatabase } = await import('./database.js')
  const start = async () => {
    const server = await startPostgres({ dataDir: folder.postgres })
    teardown.add('PostgreSQL', server.stop)
    watch.server('PostgreSQL', server.who)
    return { server, urls: await ensureDatabase(server, secrets) }
  }
  const { server, urls } = await step('PostgreSQL', start, ({ server }) => where(server))
  return { urls, port: server.port }
}

/** The Redis the environment names, or a server of our own in the data folder. */
export async function startCache({ env, folder, step, teardown, watch }: Stage): Promise<Cache> {
  if (env.REDIS_URL || env.REDIS_HOST) {
    return step('Redis', () => ({ url: null, port: null }), fromEnv)
  }
  const { startRedis } = await import('../../api/embedded/redis.js')
  const start = async () => {
    const server = await startRedis({ dataDir: folder.redis })
    teardown.add('Redis', server.stop)
    watch.server('Redis', server.who)
    return server
  }
  const { url, port } = await step('Redis', start, where)
  return { url, port }
}

const fromEnv = (): string => 'from the environment'
const where = ({ port, reused }: EmbeddedPostgres | EmbeddedRedis): string =>
  `127.0.0.1:${port}${reused ? ', was still running' : ''}`
