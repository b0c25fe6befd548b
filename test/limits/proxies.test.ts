import { expect } from 'chai'
import fc from 'fast-check'
import { callerKey, networkOf } from '../../api/http/client-key.js'
import { useContext } from '../support/context.js'
import { countersOf, DOCUMENTED, limitIn } from '../support/limits.js'
import { type SecondApi, startSecondApi } from '../support/second-api.js'

const STANDARD = '/api/v1/makes'

describe('who is counted', () => {
  const t = useContext({ env: DOCUMENTED })
  const counters = countersOf(() => t.env.REDIS_PREFIX as string)
  const apis: SecondApi[] = []
  before(async () => {
    for (const proxies of ['0', '1', '2'])
      apis.push(await startSecondApi({ ...t.env, TRUSTED_PROXIES: proxies }))
  })
  after(async () => {
    for (const api of apis) await api.close()
    counters.close()
  })
  afterEach(() => counters.forget())

  const leftAfter = async (proxies: 0 | 1 | 2, forwarded: string) =>
    limitIn(await (apis[proxies] as SecondApi).send(STANDARD, { headers: { 'x-forwarded-for': forwarded } }))
      .remaining

  // fault 19
  it('is who connects, where no proxy is in front, whatever they claim', async () => {
    for (const [at, claimed] of ['203.0.113.1', '203.0.113.2', '203.0.113.3, 203.0.113.4'].entries())
      expect(await leftAfter(0, claimed)).to.equal(59 - at)
    expect(await counters.keys()).to.have.length(1)
  })

  it('is the last that one proxy saw, whatever stood there before', async () => {
    for (const [at, claimed] of ['1.1.1.1', '2.2.2.2', '3.3.3.3, 4.4.4.4', 'x', ''].entries())
      expect(await leftAfter(1, `${claimed}, 203.0.113.9`)).to.equal(59 - at)
    expect(await leftAfter(1, '203.0.113.9, 203.0.113.10')).to.equal(59)
  })

  it('is the last but one behind two', async () => {
    for (const [at, claimed] of ['1.1.1.1', '2.2.2.2, 3.3.3.3'].entries())
      expect(await leftAfter(2, `${claimed}, 203.0.113.20, 10.0.0.1`)).to.equal(59 - at)
    expect(await leftAfter(2, '203.0.113.20, 203.0.113.21, 10.0.0.1')).to.equal(59)
  })

  it('is two hundred logins short of a way round', async () => {
    const api = await startSecondApi({ ...t.env, TRUSTED_PROXIES: '1' })
    try {
      const answers = []
      for (let at = 0; at < 200; at++) {
        const headers = { 'x-forwarded-for': `10.9.${at}.1, 203.0.113.50` }
        const body = { email: `victim-${at}@example.sa`, password: 'x' }
        answers.push(await api.send('/api/v1/auth/login', { method: 'POST', headers, body }))
      }
      expect(answers.filter(({ status }) => status === 401)).to.have.length(5)
    } finally {
      await api.close()
    }
  })

  it('is never what a header holds that is no address', async () => {
    for (const claimed of [
      'x'.repeat(8_000),
      'unknown',
      '1.2.3.4.5',
      '<script>',
      '::ffff:999.1.1.1',
      '1.2.3.4:80',
    ])
      expect(await leftAfter(1, claimed)).to.not.equal(null)
    const keys = await counters.keys()
    expect(keys).to.have.length(1)
    expect(keys[0]).to.match(/:ip:127\.0\.0\.1$/)
  })

  it('is a network of IPv6, not each of its addresses', async () => {
    expect(await leftAfter(1, '2001:db8:1:2::1')).to.equal(59)
    expect(await leftAfter(1, '2001:db8:1:2:ffff:1:2:3')).to.equal(58)
    expect(await leftAfter(1, '2001:0DB8:0001:0002:0:0:0:9')).to.equal(57)
    expect(await leftAfter(1, '2001:db8:1:3::1')).to.equal(59)
  })

  describe('by address', () => {
    for (const [ip, network] of [
      ['203.0.113.7', '203.0.113.7'],
      ['::ffff:203.0.113.7', '203.0.113.7'],
      ['::ffff:cb00:7107', '203.0.113.7'],
      ['2001:db8::1', '2001:db8:0:0::/64'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
      ['::1', '0:0:0:0::/64'],
      ['::', '0:0:0:0::/64'],
      ['1::', '1:0:0:0::/64'],
      ['fe80::1:2:3:4', 'fe80:0:0:0::/64'],
    ] as const) {
      it(`${ip} is ${network}`, () => expect(networkOf(ip)).to.equal(network))
    }

    it('is the first half of any IPv6 address, however it is written', () => {
      const group = fc.integer({ min: 0, max: 0xffff })
      fc.assert(
        fc.property(
          fc.array(group, { minLength: 8, maxLength: 8 }),
          fc.array(group, { minLength: 4, maxLength: 4 }),
          (groups, host) => {
            fc.pre(groups.slice(0, 4).some(value => value !== 0))
            const written = (values: number[]) => values.map(value => value.toString(16)).join(':')
            const long = groups.map(value => value.toString(16).padStart(4, '0').toUpperCase()).join(':')
            const expected = `${written(groups.slice(0, 4))}::/64`
            expect(networkOf(written(groups))).to.equal(expected)
            expect(networkOf(long)).to.equal(expected)
            expect(networkOf(written([...groups.slice(0, 4), ...host]))).to.equal(expected)
            expect(networkOf(new URL(`http://[${long}]`).hostname.slice(1, -1))).to.equal(expected)
          },
        ),
      )
    })

    it('is an IPv4 address for itself', () => {
      fc.assert(
        fc.property(fc.ipV4(), ip => {
          expect(networkOf(ip)).to.equal(ip)
          expect(networkOf(`::ffff:${ip}`)).to.equal(ip)
        }),
      )
    })
  })

  it('is a person by their id, and a system with a key is the person it is of', () => {
    const person = { kind: 'user', id: 'u1', role: 'seller' } as const
    expect(callerKey(person, '203.0.113.7')).to.equal('user:u1')
    expect(callerKey({ ...person, key: { id: 'k', prefix: 'p', scopes: [] } }, '203.0.113.8')).to.equal(
      'user:u1',
    )
    expect(callerKey({ kind: 'anonymous' }, '203.0.113.7')).to.equal('ip:203.0.113.7')
  })
})
