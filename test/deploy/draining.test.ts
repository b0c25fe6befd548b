import { once } from 'node:events'
import { Agent, createServer, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { createDrain, type Drain } from '../../api/http/drain.js'
import { type ApiProcess, reap, startApi } from '../support/api-process.js'
import { useContext } from '../support/context.js'
import { request as send } from '../support/request.js'
import { eventually } from '../support/worker.js'

describe('draining', () => {
  let server: Server
  let drain: Drain
  let agent: Agent
  let held: ServerResponse | undefined

  beforeEach(async () => {
    server = createServer((asked, answer) => {
      if (asked.url === '/held') held = answer
      else answer.end('ok')
    })
    drain = createDrain(server)
    agent = new Agent({ keepAlive: true, maxSockets: 1 })
    await once(server.listen(0, '127.0.0.1'), 'listening')
  })
  afterEach(async () => {
    agent.destroy()
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    held = undefined
  })

  const get = (path = '/') =>
    new Promise<string | undefined>((resolve, reject) => {
      const { port } = server.address() as AddressInfo
      request({ port, host: '127.0.0.1', path, agent }, answer => {
        answer.resume()
        answer.on('end', () => resolve(answer.headers.connection))
      })
        .on('error', reject)
        .end()
    })
  const isEmpty = async () => {
    let empty = false
    void drain.empty().then(() => {
      empty = true
    })
    await new Promise(resolve => setImmediate(resolve))
    return empty
  }

  it('leaves an idle connection open, answers its next request, and says that it was the last', async () => {
    expect(await get()).to.equal('keep-alive')
    drain.begin()
    expect(await isEmpty()).to.equal(false)
    expect(await get()).to.equal('close')
    await drain.empty()
  })

  it('says so on what is in hand already', async () => {
    const slow = get('/held')
    await eventually('it is in hand', () => held !== undefined)
    drain.begin()
    held?.end('done')
    expect(await slow).to.equal('close')
    await drain.empty()
  })

  it('may be taken back', async () => {
    drain.begin()
    drain.cancel()
    expect(await get()).to.equal('keep-alive')
  })
})

describe('the API behind a load balancer, told to stop', function () {
  this.timeout(60_000)
  const t = useContext()
  let api: ApiProcess
  after(() => reap(api?.child))

  it('goes on for DRAIN_DELAY_SECONDS, says that it is not ready, and that each answer is its connection’s last', async () => {
    api = await startApi({ ...t.env, DRAIN_DELAY_SECONDS: '2' })
    expect((await send(api.url, '/api/v1/health/ready?commit=development')).status).to.equal(200)
    const other = await send(api.url, `/api/v1/health/ready?commit=${'a'.repeat(40)}`)
    expect(other).to.deep.include({ status: 503, body: { ready: false, reasons: ['other_release'] } })
    api.child.kill('SIGTERM')
    await eventually(
      'it is not ready',
      async () => (await send(api.url, '/api/v1/health/ready')).status === 503,
    )
    const answer = await send(api.url, '/api/v1/health/live')
    expect(answer.status).to.equal(200)
    expect(answer.headers.get('connection')).to.equal('close')
    expect((await api.ended).code).to.equal(0)
  })
})

describe('the cache', () => {
  const t = useContext()

  it('is emptied of what one release kept, or of all, and nothing else is touched', async () => {
    const { Redis } = await import('ioredis')
    const redis = new Redis(t.env.REDIS_URL as string)
    const prefix = t.env.REDIS_PREFIX as string
    try {
      const { cache } = t.context
      const others = [`${prefix}:queue:1`, `${prefix}:cached`, `x${prefix}:cache:aa:1`]
      const kept = [`${cache.below('aa')}1`, `${cache.below('aa')}2`, `${cache.below('bb')}1`]
      for (const key of [...others, ...kept]) await redis.set(key, '1')
      expect(await cache.count()).to.equal(3)
      expect(await cache.clear('aa')).to.equal(2)
      expect(await redis.exists(...kept)).to.equal(1)
      expect(await cache.clear()).to.equal(1)
      expect(await cache.clear()).to.equal(0)
      expect(await redis.exists(...others)).to.equal(3)
      await redis.del(...others)
    } finally {
      redis.disconnect()
    }
  })
})
