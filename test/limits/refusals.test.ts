import { expect } from 'chai'
import { createRefusals } from '../../api/http/refusals.js'
import { createMemory } from '../../api/platform/limit-memory.js'
import { createSecurityLog } from '../../api/platform/security-log.js'
import { useContext } from '../support/context.js'
import { DOCUMENTED } from '../support/limits.js'
import { recordingLogger } from '../support/logger.js'

const STRANGER = { kind: 'anonymous', ip: '203.0.113.1' } as const

describe('what the security log hears of refusals', () => {
  function aLog() {
    let now = 0
    const logger = recordingLogger()
    const refusals = createRefusals(createSecurityLog(logger), () => now)
    return {
      note: (who: string) => refusals.note(STRANGER, 'auth:login', `cp:{limits}:auth:login:${who}`, 900),
      fields: () => logger.of('security').map(({ fields }) => fields),
      wait: (milliseconds: number) => {
        now += milliseconds
      },
    }
  }

  it('is one line for a caller who goes on, and how often when there is another', () => {
    const log = aLog()
    for (let at = 0; at < 500; at++) log.note('ip:203.0.113.1')
    expect(log.fields()).to.deep.equal([
      {
        name: 'rate_limited',
        ip: '203.0.113.1',
        userAgent: undefined,
        limit: 'auth:login',
        counted: 'ip',
        retryAfter: 900,
      },
    ])
    log.wait(60_000)
    log.note('ip:203.0.113.1')
    expect(log.fields()[1]).to.include({ refusedSince: 499 })
  })

  it('is so many lines a minute, however many callers there are', () => {
    const log = aLog()
    for (let at = 0; at < 10_000; at++) log.note(`account:${at}`)
    expect(log.fields()).to.have.length(60)
    log.wait(60_000)
    log.note('ip:203.0.113.1')
    expect(log.fields()).to.have.length(61)
    expect(log.fields()[60]).to.include({ others: 9_940 })
  })

  describe('over the API', () => {
    const t = useContext({ env: DOCUMENTED })

    it('names the class and the caller, and no account', async () => {
      const email = 'the.victim@example.sa'
      for (let at = 0; at < 20; at++)
        await t.post('/api/v1/auth/login', { body: { email, password: `guess ${at} of it` } })
      const lines = t.log.of('security').filter(({ fields }) => fields.name === 'rate_limited')
      expect(lines).to.have.length(1)
      expect(lines[0]?.level).to.equal('warn')
      expect(lines[0]?.fields).to.include({ limit: 'auth:login', ip: '127.0.0.1' })
      expect(JSON.stringify(t.log.lines)).to.not.include('victim').and.not.include('guess')
    })
  })
})

describe('what a process remembers of the limits', () => {
  it('is who was refused, until there is room or for ten seconds', () => {
    let now = 0
    const memory = createMemory(() => now)
    memory.remember('a', 4_000)
    memory.remember('b', 60_000)
    now = 3_999
    expect(memory.refusal(['x', 'a'])).to.include({ isAdmitted: false, resetMs: 1, by: 'a' })
    now = 4_000
    expect(memory.refusal(['a'])).to.equal(undefined)
    expect(memory.refusal(['b'])).to.include({ resetMs: 56_000 })
    now = 10_000
    expect(memory.refusal(['b'])).to.equal(undefined)
  })

  it('is bounded', () => {
    const memory = createMemory(() => 0)
    for (let at = 0; at < 30_000; at++) memory.remember(`ip:${at}`, 1_000)
    expect(memory.refusal(['ip:0'])).to.equal(undefined)
    expect(memory.refusal(['ip:29999'])).to.not.equal(undefined)
    for (let at = 0; at < 30_000; at++) memory.count(`ip:${at}`, { max: 1, windowMs: 1_000 })
    expect(memory.count('ip:29999', { max: 1, windowMs: 1_000 }).isAdmitted).to.equal(false)
  })

  it('counts in windows', () => {
    let now = 0
    const memory = createMemory(() => now)
    const count = () => memory.count('a', { max: 2, windowMs: 1_000 })
    expect(count()).to.deep.equal({ isAdmitted: true, remaining: 1, resetMs: 1_000 })
    now = 400
    expect(count()).to.deep.equal({ isAdmitted: true, remaining: 0, resetMs: 600 })
    expect(count()).to.include({ isAdmitted: false, remaining: 0, resetMs: 600 })
    now = 1_000
    expect(count()).to.deep.equal({ isAdmitted: true, remaining: 1, resetMs: 1_000 })
  })
})
