import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { ask } from '../../api/embedded/loopback.js'
import { endProcess, isAlive } from '../../api/embedded/process.js'
import { type EmbeddedRedis, removeRedis, startRedis } from '../../api/embedded/redis.js'
import { AppError } from '../../api/platform/errors.js'
import { killHard, startProgram, useScratch } from './scratch.js'

describe('the embedded Redis', function () {
  this.timeout(120_000)
  const scratch = useScratch(() => removeRedis(dataDir()))
  const dataDir = () => scratch.path('redis')
  const start = () => startRedis({ dataDir: dataDir() })
  let server: EmbeddedRedis

  before(async () => {
    server = await start()
  })

  it('answers only to its password, which only we can read', async () => {
    expect(await say(server, 'PING')).to.match(/PONG/)
    expect(await ask(server.port, 'PING\r\n', text => text.includes('\r\n'))).to.match(/^-NOAUTH/)
    expect(statSync(scratch.path('redis', 'password')).mode & 0o777).to.equal(0o600)
  })

  it('listens on the loopback only', async () => {
    expect(await say(server, 'CONFIG GET bind')).to.match(/\r\n127\.0\.0\.1\r\n/)
  })

  it('keeps its data over a stop', async () => {
    await say(server, 'SET part 04465-33480')
    await server.stop()
    server = await start()
    expect(server.reused).to.equal(false)
    expect(await say(server, 'GET part')).to.match(/04465-33480/)
  })

  it('is taken over when the process that started it was killed', async () => {
    await server.stop()
    const parent = await startProgram('parent', 'redis', dataDir())
    const left = JSON.parse(parent.line)
    await killHard(parent.child)
    server = await start()
    expect(server).to.include({ reused: true, port: left.port })
    expect(server.who).to.deep.equal(left.who)
  })

  it('starts anew after kill -9 of the server itself', async () => {
    const before = server.who
    await endProcess(before, [['SIGKILL', 5000]])
    server = await start()
    expect(server.reused).to.equal(false)
    expect(server.who).to.not.deep.equal(before)
    expect(await say(server, 'PING')).to.match(/PONG/)
  })

  it('takes no process for its own only because the number is right', async () => {
    await server.stop()
    const record = { who: { pid: process.pid, startedAt: 'another time' }, port: server.port }
    writeFileSync(scratch.path('redis', 'redis.json'), JSON.stringify(record))
    server = await start()
    expect(server.reused).to.equal(false)
  })

  it('is gone after stop', async () => {
    await server.stop()
    expect(isAlive(server.who)).to.equal(false)
  })
})

describe('a machine without Redis', () => {
  const scratch = useScratch()

  it('is told the three ways to get one', async () => {
    mkdirSync(scratch.path('bin'))
    const options = {
      dataDir: scratch.path('redis'),
      path: scratch.path('bin'),
      cache: scratch.path('cache', 'redis'),
      fetch: () => {
        throw new Error('this system has no apt-get and dpkg-deb')
      },
    }
    const error = await startRedis(options).catch(error => error)
    expect(error).to.be.instanceOf(AppError)
    expect(error).to.include({ kind: 'unavailable', code: 'embedded.redis_missing' })
    expect(error.message).to.match(/apt-get install redis-server/)
    expect(error.message).to.match(/docker compose up/)
    expect(error.message).to.match(/REDIS_URL=/)
  })
})

async function say(server: EmbeddedRedis, command: string): Promise<string | null> {
  const password = new URL(server.url).password
  const question = `AUTH ${password}\r\n${command}\r\nECHO done\r\n`
  return ask(server.port, question, text => text.includes('\r\ndone\r\n'))
}
