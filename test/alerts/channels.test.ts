import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { minutes } from '../../api/platform/clock.js'
import { useContext } from '../support/context.js'

// what arrived is for the test to judge
// biome-ignore lint/suspicious/noExplicitAny: a JSON document of any shape
type Received = { url: string; body: any }

describe('an alert', () => {
  let server: Server
  const received: Received[] = []
  const answers: number[] = []
  const env: Record<string, string> = {
    ALERT_EMAIL: 'duty@example.sa',
    ALERT_PAGERDUTY_KEY: 'routing-key-of-the-tests',
    ALERT_WEBHOOK_URL: 'http://127.0.0.1:1/replaced',
  }
  before(async () => {
    server = createServer(async (request, response) => {
      let text = ''
      for await (const chunk of request) text += chunk
      const status = answers.shift() ?? 202
      if (status < 300) received.push({ url: request.url as string, body: JSON.parse(text) })
      response.writeHead(status).end()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    Object.assign(env, { ALERT_WEBHOOK_URL: `${base}/room`, PAGERDUTY_API_URL: base })
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  const t = useContext({ env })
  beforeEach(() => {
    received.length = 0
    answers.length = 0
  })
  afterEach(() => t.clock.reset())

  let serial = 0
  const aSighting = () =>
    ({
      key: `webhook_dead:${++serial}`,
      kind: 'webhook_dead',
      severity: 'critical',
      summary: 'Event 7 of tap is given up.',
      details: { eventId: '7', card: '4111111111111111' },
    }) as const
  const at = (url: string) => received.filter(each => each.url === url).map(each => each.body)
  const mails = () => t.sandbox.control.messages.list('duty@example.sa')

  it('goes to everybody who is to know, and to the log', async () => {
    t.log.lines.length = 0
    await t.services.alerts.raiseAlone(aSighting())
    await t.settle()
    expect(at('/room')).to.have.length(1)
    expect(at('/room')[0].text).to.match(/^CargoParts critical: Event 7 of tap is given up\.\nSeen once/)
    const [page] = at('/v2/enqueue')
    expect(page).to.deep.include({ routing_key: 'routing-key-of-the-tests', event_action: 'trigger' })
    expect(page.payload).to.include({ severity: 'critical', class: 'webhook_dead', source: 'cargoparts' })
    const [mail] = mails()
    expect(mail?.subject).to.equal('CargoParts critical: Event 7 of tap is given up.')
    expect(t.log.of('alert')).to.have.length(1)
    expect(JSON.stringify([received, mail])).to.not.include('4111111111111111')
  })

  it('that is seen again and again is told once an hour, with how often', async () => {
    const seen = aSighting()
    for (let time = 0; time < 20; time++) await t.services.alerts.raiseAlone(seen)
    await t.settle()
    expect(at('/room')).to.have.length(1)
    t.clock.advance(minutes(61))
    await t.services.alerts.raiseAlone(seen)
    await t.settle()
    expect(at('/room')).to.have.length(2)
    expect(at('/room')[1].text).to.include('Seen 21 times since')
    // one incident, whatever its news
    expect(new Set(at('/v2/enqueue').map(page => page.dedup_key)).size).to.equal(1)
  })

  it('that gets worse is told at once, and is as grave as it ever was', async () => {
    const seen = aSighting()
    for (const severity of ['warning', 'warning', 'critical', 'critical', 'warning'] as const)
      await t.services.alerts.raiseAlone({ ...seen, severity })
    await t.settle()
    expect(at('/room')).to.have.length(2)
    expect(at('/v2/enqueue').at(-1).payload).to.include({ severity: 'critical' })
    const row = await t.db('alerts').where({ key: seen.key }).first()
    expect(row).to.include({ severity: 'critical', times: 5 })
  })

  it('seen by twenty processes at once is one', async () => {
    const seen = aSighting()
    await Promise.all(Array.from({ length: 20 }, () => t.services.alerts.raiseAlone(seen)))
    await t.settle()
    expect(at('/room')).to.have.length(1)
    expect(await t.db('alerts').where({ key: seen.key }).first()).to.include({ times: 20 })
  })

  it('that is over says so, once, and ends its incident', async () => {
    const seen = aSighting()
    await t.services.alerts.raiseAlone(seen)
    await t.settle()
    for (let time = 0; time < 3; time++) await t.services.alerts.endAlone(seen.key)
    await t.settle()
    expect(at('/room').map(each => each.text.split(':')[0])).to.deep.equal([
      'CargoParts critical',
      'CargoParts over',
    ])
    expect(at('/v2/enqueue').map(page => page.event_action)).to.deep.equal(['trigger', 'resolve'])
  })

  it('is told by the others where one way is shut, and by that one when it opens', async () => {
    answers.push(500)
    await t.services.alerts.raiseAlone(aSighting())
    await t.settle().catch(() => undefined)
    t.clock.advance(minutes(10))
    await t.settle()
    expect(received).to.have.length(2)
    expect(mails().length).to.be.above(0)
  })

  it('is none where what it is about was rolled back', async () => {
    const seen = aSighting()
    await t.db
      .transaction(async trx => {
        await t.services.alerts.raise(trx, seen)
        throw new Error('rolled back')
      })
      .catch(() => undefined)
    await t.settle()
    expect(received).to.be.empty
    expect(await t.db('alerts').where({ key: seen.key })).to.be.empty
  })
})
