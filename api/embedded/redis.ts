import { accessSync, constants, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AppError } from '../platform/errors.js'
import { LOOPBACK } from './loopback.js'
import { randomPassword, readIfPresent, readOrCreatePrivate } from './private-file.js'
import type { ProcessIdentity } from './process.js'
import { fetchRedis } from './redis-fetch.js'
import { installedCopy, type RedisProgram, redisIn, redisOnPath } from './redis-find.js'
import { findRedisServer, launchRedisServer, type RedisFiles, stopRedisServer } from './redis-server.js'

export type RedisOptions = {
  /** The folder that belongs to this server alone; made when missing. */
  dataDir: string
  /** For tests: nothing is written to disk. */
  ephemeral?: boolean
  /** Stand-ins for the environment's PATH, the copy fetched at install time, and the fetching itself. */
  path?: string
  cache?: string
  fetch?: (target: string) => RedisProgram
}

export type EmbeddedRedis = {
  url: string
  port: number
  who: ProcessIdentity
  /** A server that a killed parent had left running was taken over. */
  reused: boolean
  stop(): Promise<void>
}

export async function startRedis(options: RedisOptions): Promise<EmbeddedRedis> {
  const files = filesIn(options.dataDir)
  const password = readOrCreatePrivate(passwordFile(options.dataDir), randomPassword)
  const running = await findRedisServer(files.record, password)
  const server =
    running ?? (await launchRedisServer(findOrFetch(options), files, password, options.ephemeral ?? false))
  return {
    url: `redis://:${password}@${LOOPBACK}:${server.port}/0`,
    port: server.port,
    who: server.who,
    reused: running !== null,
    stop: () => stopRedisServer(server.who),
  }
}

/** Ends a server that runs without a parent and deletes its data. A program fetched into the folder stays: it is no data. */
export async function removeRedis(dataDir: string): Promise<void> {
  const password = readIfPresent(passwordFile(dataDir))
  const server = password === null ? null : await findRedisServer(join(dataDir, 'redis.json'), password)
  if (server) await stopRedisServer(server.who)
  for (const name of ['data', 'password', 'redis.json', 'redis.log']) {
    rmSync(join(dataDir, name), { recursive: true, force: true })
  }
}

/** PATH, then the copy of the install, then the data folder's, and only then the network. */
export function findOrFetch({
  dataDir,
  path,
  cache = installedCopy(),
  fetch = fetchRedis,
}: RedisOptions): RedisProgram {
  const spare = join(dataDir, 'program')
  const found = redisOnPath(path) ?? redisIn(cache) ?? redisIn(spare)
  if (found) return found
  try {
    return fetch(canWrite(cache) ? cache : spare)
  } catch (cause) {
    throw new AppError(
      'unavailable',
      'embedded.redis_missing',
      'There is no Redis server here, and fetching one failed ' +
        `(${cause instanceof Error ? cause.message : String(cause)}). Three ways to get one:\n` +
        '  1. your package manager: sudo apt-get install redis-server, or brew install redis\n' +
        '  2. docker compose up -d redis, then REDIS_URL=redis://127.0.0.1:6379\n' +
        '  3. REDIS_URL=redis://… of a Redis you already have',
      {},
      { cause },
    )
  }
}

function canWrite(cache: string): boolean {
  try {
    mkdirSync(dirname(cache), { recursive: true })
    accessSync(dirname(cache), constants.W_OK)
    return true
  } catch {
    return false
  }
}

function filesIn(dataDir: string): RedisFiles {
  const data = join(dataDir, 'data')
  mkdirSync(data, { recursive: true, mode: 0o700 })
  return { data: realpathSync(data), log: join(dataDir, 'redis.log'), record: join(dataDir, 'redis.json') }
}

const passwordFile = (dataDir: string): string => join(dataDir, 'password')
