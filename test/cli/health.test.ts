import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { bareEnvironment, cargoparts, envelope, json } from '../support/command.js'
import { useContext } from '../support/context.js'

describe('cargoparts health', function () {
  this.timeout(60_000)
  const t = useContext()
  let server: Server
  let other: string
  let body = ''
  before(done => {
    server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(body)
    })
    server.listen(0, '127.0.0.1', () => {
      other = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      done()
    })
  })
  after(done => void server.close(done))

  it('of a healthy system exits 0, by --url and by API_URL', async () => {
    const byUrl = await cargoparts(['health', '--url', `${t.baseUrl}/`])
    expect(byUrl).to.include({ code: 0, stderr: '' })
    expect(byUrl.stdout).to.match(/is healthy\.\n {2}app: ok\n {2}database: ok\n {2}redis: ok\n/)
    const byEnv = json(await cargoparts(['health', '--json'], bareEnvironment({ API_URL: t.baseUrl })))
    expect(byEnv.status).to.equal('healthy')
    expect(byEnv.checks).to.include({ app: true, database: true, redis: true })
  })

  it('of an unhealthy one exits 7 and names what is down', async () => {
    t.services.health.drain()
    const text = await cargoparts(['health', '--url', t.baseUrl])
    expect(text).to.include({ code: 7, stdout: '' })
    expect(text.stderr).to.match(/is unhealthy\.\n {2}app: DOWN\n {2}database: ok/)
    const end = await cargoparts(['health', '--url', t.baseUrl, '--json'])
    expect(end).to.include({ code: 7, stderr: '' })
    expect(envelope(end)).to.include({ kind: 'unavailable', code: 'health.unhealthy' })
    expect(envelope(end).details.checks).to.include({ app: false, database: true })
  })

  it('of nobody exits 7', async () => {
    const end = await cargoparts(['health', '--url', 'http://127.0.0.1:1', '--json'])
    expect(end.code).to.equal(7)
    expect(envelope(end)).to.include({ kind: 'unavailable', code: 'health.no_answer' })
  })

  for (const answer of ['{}', 'null', '<html>', '{"status":"healthy"}', '[]']) {
    it(`of something else that answers ${answer} exits 7`, async () => {
      body = answer
      const end = await cargoparts(['health', '--url', other])
      expect(end).to.include({ code: 7, stdout: '' })
      expect(end.stderr)
        .to.match(/^Error: http.+answer/)
        .and.not.match(/ {4}at /)
    })
  }

  for (const url of ['localhost:3000', 'file:///etc/passwd', 'http://']) {
    it(`at ${JSON.stringify(url)} exits 5`, async () => {
      const end = await cargoparts(['health', '--json', '--url', url])
      expect(end.code).to.equal(5)
      expect(envelope(end)).to.include({ kind: 'invalid', code: 'cli.bad_url' })
    })
  }
})
