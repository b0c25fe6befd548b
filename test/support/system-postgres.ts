import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { freePort } from '../../api/embedded/loopback.js'

const DEBIAN = '/usr/lib/postgresql'

/** A PostgreSQL that this machine brings along with its tools, which the embedded one does not have. */
export function systemPostgres(): string | undefined {
  const debian = existsSync(DEBIAN) ? readdirSync(DEBIAN).map(major => path.join(DEBIAN, major, 'bin')) : []
  const onPath = spawnSync('/bin/sh', ['-c', 'command -v initdb'], { encoding: 'utf8' }).stdout.trim()
  return [...debian, ...(onPath ? [path.dirname(onPath)] : [])].find(bin =>
    ['initdb', 'postgres', 'pg_dump', 'pg_restore'].every(tool => existsSync(path.join(bin, tool))),
  )
}

/** Runs it in a folder of its own, until stopped. */
export async function startSystemPostgres(bin: string, folder: string) {
  const account = accountOf()
  const data = path.join(folder, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (account) chownSync(data, account.uid, account.gid)
  const options = { ...account, cwd: '/', env: { LC_ALL: 'C.UTF-8', PATH: '/usr/bin:/bin' } }
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    { ...options, stdio: 'pipe' },
  )
  const port = await freePort()
  const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', port, fsync: 'off' }
  const server = spawn(
    path.join(bin, 'postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...options, stdio: 'ignore' },
  )
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  await ready(url, server)
  return {
    superuserUrl: url,
    async stop(): Promise<void> {
      const gone = new Promise(resolve => server.once('exit', resolve))
      server.kill('SIGINT') // ends sessions, too
      await gone
    },
  }
}

async function ready(connectionString: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error('PostgreSQL ended before it was ready')
    const client = new pg.Client({ connectionString })
    const isUp = await client.connect().then(
      () => true,
      () => false,
    )
    await client.end().catch(() => undefined)
    if (isUp) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

/** PostgreSQL refuses root. */
function accountOf(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const ask = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: ask('-u'), gid: ask('-g') }
}
