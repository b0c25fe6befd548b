import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import { startPostgres } from '../api/embedded/postgres.js'
import { startRedis } from '../api/embedded/redis.js'
import { APP, OWNER, prepareTemplate, TEMPLATE, urlFor, withClient } from '../test/support/template.js'
import type { Closing } from './closing.js'

export type Services = { folder: string; superuserUrl: string; redisUrl: string }
/** One database, as each role reaches it. */
export type Database = { url: string; ownerUrl: string; superuserUrl: string }

/** A quarter of the memory, as PostgreSQL's manual advises for a server of its own; 2 GiB at the most. */
const SHARED_MIB = Math.min(2_048, Math.floor(totalmem() / 2 ** 20 / 4))

/** A commit is on the disk before it is answered, as in production: otherwise nothing of the run's is synced. */
const DURABLE = ['fsync=on', 'synchronous_commit=on', 'full_page_writes=on']

/** A PostgreSQL and a Redis of the run's own, and a template with schema, indexes and reference data. */
export async function startServices(
  closing: Closing,
  { isDurable = false }: { isDurable?: boolean } = {},
): Promise<Services> {
  const folder = await closing.keep(
    () => mkdtempSync(path.join(tmpdir(), 'cargoparts-bench-')),
    made => rmSync(made, { recursive: true, force: true }),
  )
  const options = { dataDir: folder, ephemeral: true }
  const [postgres, redis] = await Promise.all([
    closing.keep(
      () =>
        startPostgres({
          ...options,
          settings: [`shared_buffers=${SHARED_MIB}MB`, ...(isDurable ? DURABLE : [])],
        }),
      made => made.stop(),
    ),
    closing.keep(
      () => startRedis(options),
      made => made.stop(),
    ),
  ])
  await prepareTemplate(postgres.superuserUrl)
  return { folder, superuserUrl: postgres.superuserUrl, redisUrl: redis.url }
}

/** A copy of the template, with statements counted where this PostgreSQL can. */
export async function createDatabase(
  closing: Closing,
  { superuserUrl }: Services,
  name: string,
): Promise<Database> {
  const inside = new URL(superuserUrl)
  inside.pathname = `/${name}`
  const ask = (url: string, sql: string) => withClient(url, client => client.query(sql))
  await closing.keep(
    () => ask(superuserUrl, `create database ${name} template ${TEMPLATE} owner ${OWNER.name}`),
    () => ask(superuserUrl, `drop database if exists ${name} with (force)`),
  )
  await ask(inside.href, 'create extension if not exists pg_stat_statements').catch(() => undefined)
  return {
    url: urlFor(superuserUrl, name, APP),
    ownerUrl: urlFor(superuserUrl, name, OWNER),
    superuserUrl: inside.href,
  }
}

/** As a database is that has been at work for a while: with statistics, and nothing left to tidy up. */
export const settle = ({ ownerUrl }: Database) =>
  withClient(ownerUrl, client => client.query('vacuum (analyze)'))
