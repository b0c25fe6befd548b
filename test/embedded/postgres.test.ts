import { spawnSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import pg from 'pg'
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../api/embedded/postgres.js'
import { programEnv } from '../../api/embedded/postgres-cluster.js'
import { settleHome } from '../../api/embedded/postgres-home.js'
import { endProcess, isAlive, waitFor } from '../../api/embedded/process.js'
import { killHard, startProgram, useScratch } from './scratch.js'

describe('the embedded PostgreSQL', function () {
  this.timeout(120_000)
  const scratch = useScratch(() => removePostgres(dataDir()))
  const dataDir = () => scratch.path('postgres')
  const start = () => startPostgres({ dataDir: dataDir(), ephemeral: true })
  const pidFile = () => join(settleHome(dataDir()).cluster, 'postmaster.pid')
  let server: EmbeddedPostgres

  before(async () => {
    server = await start()
    await query(server.superuserUrl, 'create table kept (word text)')
    await query(server.superuserUrl, "insert into kept values ('وسادة')")
  })

  it('finds Arabic trigrams', async () => {
    const rows = await query(server.superuserUrl, "select similarity('فلتر زيت', 'فلتر هواء') as score")
    expect(rows[0]?.score).to.be.greaterThan(0)
  })

  it('listens on the loopback only, without a socket file, with pg_stat_statements and 200 connections', async () => {
    const names = [
      'listen_addresses',
      'unix_socket_directories',
      'shared_preload_libraries',
      'max_connections',
    ]
    const rows = await query(
      server.superuserUrl,
      `select ${names.map(n => `current_setting('${n}') as ${n}`).join()}`,
    )
    expect(rows[0]).to.deep.equal({
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      shared_preload_libraries: 'pg_stat_statements',
      max_connections: '200',
    })
  })

  it('asks for a password that only we can read', async () => {
    const wrong = server.url('postgres', { name: 'postgres', password: 'guess' })
    expect(await failure(query(wrong, 'select 1'))).to.include({ code: '28P01' })
    expect(statSync(scratch.path('postgres', 'superuser-password')).mode & 0o777).to.equal(0o600)
  })

  it('does not run as root', function () {
    if (process.platform !== 'linux') this.skip()
    const status = readFileSync(`/proc/${server.who.pid}/status`, 'utf8')
    expect(status).to.not.match(/^Uid:\s+0\s/m)
  })

  it('is taken over when the process that started it was killed', async () => {
    await server.stop()
    const parent = await startProgram('parent', 'postgres', dataDir())
    const left = JSON.parse(parent.line)
    await killHard(parent.child)
    server = await start()
    expect(server).to.include({ reused: true, port: left.port })
    expect(server.who).to.deep.equal(left.who)
  })

  it('starts anew after kill -9 of the server itself, with its data', async () => {
    const { who } = server
    await endProcess(who, [['SIGKILL', 5000]])
    expect(readFileSync(pidFile(), 'utf8')).to.match(new RegExp(`^${who.pid}\n`))
    server = await start()
    expect(server.reused).to.equal(false)
    expect(await query(server.superuserUrl, 'select word from kept')).to.deep.equal([{ word: 'وسادة' }])
  })

  it('is not fooled by a pid file whose number belongs to another process', async () => {
    const text = readFileSync(pidFile(), 'utf8')
    await server.stop()
    // Run by the same user, so that PostgreSQL by itself would refuse: "lock file already exists".
    writeFileSync(pidFile(), text.replace(/^\d+/, String(process.pid)))
    server = await start()
    expect(server.reused).to.equal(false)
    expect(server.who.pid).to.not.equal(process.pid)
  })

  it('gives one server to two starts at once', async () => {
    await server.stop()
    const [one, other] = await Promise.all([start(), start()])
    expect(one.who).to.deep.equal(other.who)
    server = one
  })

  it('is gone after stop, and a second stop does no harm', async () => {
    await server.stop()
    expect(await waitFor(() => !isAlive(server.who), 1000)).to.equal(true)
    await server.stop()
  })
})

describe('an embedded PostgreSQL with another locale', function () {
  this.timeout(120_000)
  const scratch = useScratch(() => removePostgres(scratch.path('postgres')))

  it('is refused, because Arabic search would find nothing', async () => {
    const home = settleHome(scratch.path('postgres'))
    writeFileSync(scratch.path('postgres', 'superuser-password'), 'x', { mode: 0o600 })
    const cluster = scratch.path('foreign')
    const made = spawnSync(
      '/bin/sh',
      [
        '-c',
        '"$0" -D "$1" -E UTF8 --locale=C -U postgres -A trust',
        join(home.binaries.native, 'bin', 'initdb'),
        cluster,
      ],
      { env: programEnv(home), cwd: '/', ...(await asAccount(home.account, cluster)) },
    )
    expect(made.status, String(made.stderr)).to.equal(0)
    const { renameSync } = await import('node:fs')
    renameSync(cluster, home.cluster)
    const error = await failure(startPostgres({ dataDir: scratch.path('postgres'), ephemeral: true }))
    expect(error).to.include({ code: 'embedded.no_arabic_trigrams' })
  })
})

async function asAccount(account: { uid?: number; gid?: number }, cluster: string) {
  const { chownSync, mkdirSync } = await import('node:fs')
  mkdirSync(cluster, { mode: 0o700 })
  if (account.uid !== undefined && account.gid !== undefined) chownSync(cluster, account.uid, account.gid)
  return account
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}
