import { expect } from 'chai'
import { bareEnvironment, cargoparts, envelope, json, operatorEnvironment } from '../support/command.js'

const GOOD = operatorEnvironment({
  DATABASE_URL: 'postgres://cargoparts:a-database-password@127.0.0.1:5432/cargoparts',
  REDIS_URL: 'redis://:a-redis-password@127.0.0.1:6379',
})
const SHORT = 'too-short-a-secret'
const BAD = {
  ...GOOD,
  PORT: 'seventy-thousand',
  JWT_SECRET: SHORT,
  SESSION_SECRET: '',
  DATABASE_URL: 'mysql://root:a-mysql-password@127.0.0.1/x',
  PAYMENT_ENCRYPTION_KEY: 'not-hexadecimal-at-all',
  ENABLE_2FA: 'perhaps',
  DATABASE_POOL_MIN: '20',
  JWT_REFRESH_SECRET: GOOD.AUDIT_SALT as string,
}
const NAMES = [
  'PORT',
  'JWT_SECRET',
  'SESSION_SECRET',
  'DATABASE_URL',
  'PAYMENT_ENCRYPTION_KEY',
  'ENABLE_2FA',
  'DATABASE_POOL_MIN',
  'JWT_REFRESH_SECRET',
]

describe('cargoparts env:check', function () {
  this.timeout(60_000)
  it('finds a good environment good, for each process', async () => {
    for (const process of ['api', 'worker', 'command', 'database']) {
      const end = await cargoparts(['env:check', '--for', process], GOOD)
      expect(end).to.deep.equal({ code: 0, stdout: `The environment is good for: ${process}.\n`, stderr: '' })
    }
    expect(json(await cargoparts(['env:check', '--json'], GOOD))).to.deep.equal({ ok: true, warnings: [] })
  })

  it('names every problem at once, exits 5 and shows no value', async () => {
    const { code, stdout, stderr } = await cargoparts(['env:check'], BAD)
    expect({ code, stdout }).to.deep.equal({ code: 5, stdout: '' })
    expect(stderr).to.match(/^Error: The environment has \d+ problems:\n/)
    for (const name of NAMES) expect(stderr).to.match(new RegExp(`^  ${name} `, 'm'))
    for (const value of Object.values(BAD).filter(value => value.length > 7))
      expect(stderr, value).to.not.include(value)
  })

  it('does so in one envelope, with a pointer to each variable', async () => {
    const end = await cargoparts(['env:check', '--json'], BAD)
    expect({ code: end.code, stderr: end.stderr }).to.deep.equal({ code: 5, stderr: '' })
    const error = envelope(end)
    expect(error).to.include({ kind: 'invalid', code: 'config.invalid' })
    const pointers = error.details.errors.map(({ pointer }: { pointer: string }) => pointer)
    expect(pointers).to.include.members(NAMES)
    for (const value of [SHORT, 'a-mysql-password', 'not-hexadecimal-at-all'])
      expect(end.stdout).to.not.include(value)
  })

  it('asks a process for what it needs and no more', async () => {
    const env = bareEnvironment({ DATABASE_URL: 'postgres://a@127.0.0.1/x' })
    expect((await cargoparts(['env:check', '--for', 'database'], env)).code).to.equal(0)
    expect((await cargoparts(['env:check', '--for', 'worker'], env)).code).to.equal(5)
  })

  it('says which kind of key Tap is asked with, and never the key', async () => {
    for (const [NODE_ENV, TAP_SECRET_KEY, says] of [
      ['production', 'sk_other_0123456789', 'must begin sk_live_ in production'],
      ['production', 'sk_test_0123456789', 'is a test key, in production'],
      ['development', 'sk_live_0123456789', 'is a live key, in development'],
    ] as const) {
      const { code, stderr } = await cargoparts(['env:check'], { ...GOOD, NODE_ENV, TAP_SECRET_KEY })
      expect(code).to.equal(5)
      expect(stderr).to.include(`\n  TAP_SECRET_KEY ${says}\n`)
      expect(stderr).to.not.include('0123456789')
    }
  })

  it('warns on stderr of what sends personal data abroad, and stays good', async () => {
    const env = { ...GOOD, SENTRY_DSN: 'https://x@sentry.example/1' }
    const end = await cargoparts(['env:check'], env)
    expect(end).to.include({ code: 0, stdout: 'The environment is good for: api.\n' })
    expect(end.stderr).to.match(/^SENTRY_DSN is set/)
    expect(json(await cargoparts(['env:check', '--json'], env)).warnings).to.have.length(1)
  })
})
