import { spawn } from 'node:child_process'
import { AppError } from '../platform/errors.js'
import { linesSince, markLog, withLog } from './log-file.js'
import { ask, freePort, LOOPBACK } from './loopback.js'
import { readIfPresent, writePrivate } from './private-file.js'
import { endProcess, identify, isAlive, type ProcessIdentity, waitFor } from './process.js'
import { commandOf, type RedisProgram } from './redis-find.js'

export type RedisFiles = { data: string; log: string; record: string }
export type RedisServer = { who: ProcessIdentity; port: number }

/** The server a killed parent left behind. Only ours knows the password, and it tells its own process id. */
export async function findRedisServer(record: string, password: string): Promise<RedisServer | null> {
  const server = readRecord(record)
  if (!server || !isAlive(server.who)) return null
  const isOurs = await waitFor(async () => !isAlive(server.who) || (await answers(server, password)), 30_000)
  if (isOurs && isAlive(server.who)) return server
  // The pid and its start time are those we wrote: it is our server, and it hangs.
  await stopRedisServer(server.who)
  return null
}

export async function launchRedisServer(
  program: RedisProgram,
  files: RedisFiles,
  password: string,
  ephemeral: boolean,
): Promise<RedisServer> {
  const port = await freePort()
  const mark = markLog(files.log)
  const [command, args] = commandOf(program)
  const child = withLog(files.log, descriptor =>
    spawn(command, [...args, '-'], {
      cwd: files.data,
      // A session of its own: Ctrl-C in the terminal reaches us, and we stop the servers in order.
      detached: true,
      stdio: ['pipe', descriptor, descriptor],
    }),
  )
  let isGone = child.pid === undefined
  child.once('error', () => {
    isGone = true
  })
  child.once('exit', () => {
    isGone = true
  })
  // The configuration comes by stdin: on the command line every user could read the password.
  child.stdin?.on('error', () => {})
  child.stdin?.end(configuration(files, port, password, ephemeral))
  child.unref()
  const who = child.pid === undefined ? null : identify(child.pid)
  if (who) {
    // Written before it is ready: a parent killed in this moment must not leave an unknown server.
    writePrivate(files.record, JSON.stringify({ who, port }))
    await waitFor(async () => isGone || (await answers({ who, port }, password)), 30_000)
    if (!isGone && (await answers({ who, port }, password))) return { who, port }
    await stopRedisServer(who)
  }
  const reason = `The Redis server ${program.path} did not start:\n${linesSince(mark)}\n(${files.log})`
  throw new AppError('unavailable', 'embedded.redis_failed', reason)
}

export async function stopRedisServer(who: ProcessIdentity): Promise<void> {
  await endProcess(who, [
    ['SIGTERM', 10_000],
    ['SIGKILL', 5_000],
  ])
}

function configuration(files: RedisFiles, port: number, password: string, ephemeral: boolean): string {
  return [
    `bind ${LOOPBACK}`,
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(files.data)}`,
    `appendonly ${ephemeral ? 'no' : 'yes'}`,
    'save ""',
    'daemonize no',
    'always-show-logo no',
    '',
  ].join('\n')
}

/** True once it serves: while it still loads its data, it already tells its process id but refuses a PING. */
async function answers(server: RedisServer, password: string): Promise<boolean> {
  const question = `AUTH ${password}\r\nPING\r\nINFO server\r\n`
  const isWhole = (text: string) => /process_id:\d+\r\n/.test(text) || /^-/m.test(text)
  const answer = (await ask(server.port, question, isWhole, 1000)) ?? ''
  return answer.includes('+PONG') && answer.match(/process_id:(\d+)/)?.[1] === String(server.who.pid)
}

function readRecord(file: string): RedisServer | null {
  const text = readIfPresent(file)
  // Our own file, replaced in one step by writePrivate.
  return text === null ? null : (JSON.parse(text) as RedisServer)
}
