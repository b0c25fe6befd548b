import { expect } from 'chai'
import { readReport } from '../../bench/wrk.js'

const report = (
  over: { p50?: string; p99?: string; errors?: string } = {},
) => `Running 4s test @ http://127.0.0.1:1
  1 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.41ms    1.26ms  22.89ms   92.41%
    Req/Sec    12.85k     1.83k   15.64k    72.50%
  Latency Distribution
     50%  ${over.p50 ?? '1.03ms'}
     75%    1.48ms
     90%    2.42ms
     99%  ${over.p99 ?? '6.71ms'}
  51233 requests in 4.01s, 9.04MB read
${over.errors ?? ''}Requests/sec:  12785.77
Transfer/sec:      2.26MB
`

describe("bench: wrk's report", () => {
  it('tells requests, speed and latencies', () => {
    expect(readReport(report())).to.deep.equal({
      requests: 51_233,
      perSecond: 12_785.77,
      p50Ms: 1.03,
      p99Ms: 6.71,
      failed: 0,
      broken: 0,
    })
  })

  for (const [text, ms] of [
    ['640.00us', 0.64],
    ['  1.20s', 1_200],
    ['  1.50m', 90_000],
  ] as const) {
    it(`takes ${text.trim()} for ${ms} ms`, () => {
      expect(readReport(report({ p99: text })).p99Ms).to.be.closeTo(ms, 1e-9)
    })
  }

  it('counts answers that were refusals', () => {
    const { failed, broken } = readReport(report({ errors: '  Non-2xx or 3xx responses: 117\n' }))
    expect([failed, broken]).to.deep.equal([117, 0])
  })

  it('counts what the sockets did, whatever it was', () => {
    const errors =
      '  Socket errors: connect 1, read 20, write 300, timeout 4000\n  Non-2xx or 3xx responses: 5\n'
    const { failed, broken } = readReport(report({ errors }))
    expect([failed, broken]).to.deep.equal([5, 4_321])
  })

  it('refuses a report without its latencies, instead of taking them for nothing', () => {
    expect(() => readReport(report().replace(/ +99%.*\n/, ''))).to.throw('99%')
    expect(() => readReport('unable to connect to 127.0.0.1:1 Connection refused')).to.throw('requests in')
  })
})
