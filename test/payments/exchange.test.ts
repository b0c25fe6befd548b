import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { createExchange, type Limits } from '../../api/modules/payments/gateways/exchange.js'
import { minutes } from '../../api/platform/clock.js'
import { useContext } from '../support/context.js'
import { eventually } from '../support/worker.js'

describe('an exchange with a provider', () => {
  let server: Server
  let url: string
  let asked = 0
  let answer: (response: ServerResponse) => void
  const told: string[] = []
  const watch = {
    broken: (provider: string) => void told.push(`${provider} broken`),
    healed: (provider: string) => void told.push(`${provider} healed`),
  }
  const good = (response: ServerResponse) => void response.end('{"ok":true}')
  const bad = (response: ServerResponse) => void response.writeHead(500).end('{}')
  const make = (over: Partial<Limits> = {}) =>
    createExchange('tap', watch, { pauseMs: 1, failures: 5, ...over })
  const request = (method: 'GET' | 'POST' = 'GET') => ({ url, method, headers: {} })
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'ok',
      (error: { code: string }) => error.code,
    )

  before(async () => {
    server = createServer((_request, response) => {
      asked += 1
      response.setHeader('content-type', 'application/json')
      answer(response)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  })
  beforeEach(() => {
    asked = 0
    told.length = 0
    answer = good
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  it('that is safe to repeat is made three times at most', async () => {
    answer = bad
    expect(await outcome(make()(request(), 'again'))).to.equal('provider.unavailable')
    expect(asked).to.equal(3)
  })

  it('that would do a thing twice is made once', async () => {
    answer = bad
    expect(await outcome(make()(request('POST'), 'once'))).to.equal('provider.unavailable')
    expect(asked).to.equal(1)
  })

  it('has a limit to its time, whether nothing comes or half of it', async () => {
    for (const slow of [() => undefined, (response: ServerResponse) => void response.write('{"ok":')]) {
      answer = slow
      expect(await outcome(make({ timeoutMs: 50 })(request(), 'once'))).to.equal('provider.unavailable')
    }
  })

  it('is not made at all for a while after five failures in a row, and then tried once', async () => {
    const exchange = make({ restMs: 100 })
    answer = bad
    for (let time = 0; time < 5; time++) await outcome(exchange(request(), 'once'))
    expect(told).to.deep.equal(['tap broken'])
    expect(asked).to.equal(5)
    expect(await outcome(exchange(request(), 'again'))).to.equal('provider.paused')
    expect(asked).to.equal(5)
    answer = good
    await eventually(
      'the provider to be asked again',
      async () => (await outcome(exchange(request(), 'once'))) === 'ok',
    )
    expect(asked).to.equal(6)
    expect(told).to.deep.equal(['tap broken', 'tap healed'])
  })

  it('that is refused, or put off for being too many, is no failure of the provider', async () => {
    const exchange = make()
    for (const status of [400, 404, 429])
      for (let time = 0; time < 6; time++) {
        answer = response => void response.writeHead(status).end('{}')
        await outcome(exchange(request(), 'once'))
      }
    expect(told).to.be.empty
  })
})

describe('a provider that fails', () => {
  const t = useContext()

  it('is told to people once, and over once', async () => {
    const { alerts } = t.services
    const seen = {
      key: 'provider_paused:tap',
      kind: 'provider_paused',
      severity: 'critical',
      summary: 's',
    } as const
    for (let time = 0; time < 4; time++) await alerts.raiseAlone(seen)
    expect(await t.db('alerts').where({ key: seen.key })).to.have.length(1)
    await alerts.endAlone(seen.key)
    await alerts.raiseAlone(seen)
    const rows = await t.db('alerts').where({ key: seen.key }).orderBy('first_at')
    expect(rows.map(row => [row.times, row.ended_at === null])).to.deep.equal([
      [4, false],
      [1, true],
    ])
    await alerts.endAlone(seen.key)
  })

  it('is over though the process that saw it is gone: nobody has seen it for a while', async () => {
    const { alerts } = t.services
    const seen = (provider: string) =>
      ({
        key: `provider_paused:${provider}`,
        kind: 'provider_paused',
        severity: 'critical',
        summary: 's',
      }) as const
    await alerts.raiseAlone(seen('hyperpay'))
    await alerts.raiseAlone({ ...seen('tap'), key: 'webhook_dead:1', kind: 'webhook_dead' })
    expect(await alerts.endSilent('provider_paused')).to.equal(0)
    t.clock.advance(minutes(11))
    await alerts.raiseAlone(seen('tap'))
    expect(await alerts.endSilent('provider_paused')).to.equal(1)
    const open = await t.db('alerts').whereNull('ended_at').pluck('key')
    expect(open.sort()).to.deep.equal(['provider_paused:tap', 'webhook_dead:1'])
    t.clock.reset()
  })
})
