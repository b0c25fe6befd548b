import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AppError } from '../platform/errors.js'
import { LOOPBACK } from './loopback.js'
import { assertArabicTrigrams, ensureCluster } from './postgres-cluster.js'
import { type Home, relocatedHome, settleHome } from './postgres-home.js'
import { findServer, launchServer, type Server, stopServer } from './postgres-server.js'
import { randomPassword, readIfPresent, readOrCreatePrivate } from './private-file.js'
import type { ProcessIdentity } from './process.js'

export type PostgresOptions = {
  /** The folder that belongs to this server alone; made when missing. */
  dataDir: string
  port?: number
  /** For tests: no durability, twice the speed. */
  ephemeral?: boolean
  /** More settings, as `name=value`. */
  settings?: readonly string[]
}

export type DatabaseRole = { name: string; password: string }

export type EmbeddedPostgres = {
  url(database: string, role?: DatabaseRole): string
  superuserUrl: string
  port: number
  who: ProcessIdentity
  /** A server that a killed parent had left running was taken over. */
  reused: boolean
  stop(): Promise<void>
}

const EPHEMERAL = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']

/** What another start, or the last backends of a killed server, may cause for a moment. */
const PASSING_FAILURE = /lock file "postmaster.pid"|shared memory block|Address already in use/

export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const home = settleHome(options.dataDir)
  const password = superuserPassword(options.dataDir, home)
  const { server, reused } = await obtain(home, password, options)
  const superuser = { name: 'postgres', password }
  const url = (database: string, { name, password }: DatabaseRole = superuser) =>
    `postgres://${name}:${encodeURIComponent(password)}@${LOOPBACK}:${server.port}/${database}`
  return {
    url,
    superuserUrl: url('postgres'),
    port: server.port,
    who: server.who,
    reused,
    stop: () => stopServer(server.who),
  }
}

/** Ends a server that runs without a parent and deletes its data, also where it lives outside the folder. */
export async function removePostgres(dataDir: string): Promise<void> {
  for (const folder of [dataDir, relocatedHome(dataDir)]) {
    const cluster = join(folder, 'cluster')
    const server = existsSync(cluster) ? await findServer(cluster) : null
    if (server) await stopServer(server.who)
    rmSync(folder, { recursive: true, force: true })
  }
}

async function obtain(
  home: Home,
  password: string,
  { dataDir, port, ephemeral = false, settings = [] }: PostgresOptions,
): Promise<{ server: Server; reused: boolean }> {
  ensureCluster(home, password, ephemeral)
  const deadline = performance.now() + 15_000
  for (;;) {
    const running = await findServer(home.cluster)
    if (running) return { server: running, reused: true }
    try {
      assertArabicTrigrams(home)
      return {
        server: await launchServer(home, join(dataDir, 'postgres.log'), port, [
          ...(ephemeral ? EPHEMERAL : []),
          ...settings,
        ]),
        reused: false,
      }
    } catch (error) {
      const isPassing = error instanceof AppError && PASSING_FAILURE.test(error.message)
      if (!isPassing || performance.now() > deadline) throw error
      await sleep(100)
    }
  }
}

function superuserPassword(dataDir: string, home: Home): string {
  const file = join(dataDir, 'superuser-password')
  if (existsSync(home.cluster) && readIfPresent(file) === null) {
    throw new AppError(
      'unavailable',
      'embedded.postgres_password_lost',
      `${file} is gone, and the cluster in ${home.cluster} opens to no other password. ` +
        'Put the file back, or delete both with "cargoparts start --reset".',
    )
  }
  return readOrCreatePrivate(file, randomPassword)
}
