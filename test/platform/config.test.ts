import { expect } from 'chai'
import fc from 'fast-check'
import { Environment } from '../../api/platform/config/environment.js'
import { type Config, checkConfig, type Purpose, readConfig } from '../../api/platform/config/index.js'
import { AppError } from '../../api/platform/errors.js'
import { testEnvironment } from '../support/environment.js'

const complete = (over: Record<string, string | undefined> = {}) => ({
  ...testEnvironment({
    DATABASE_URL: 'postgres://app:secret@db/cargoparts',
    REDIS_URL: 'redis://cache:6379/0',
  }),
  ...over,
})
const live = (over: Record<string, string | undefined> = {}) =>
  complete({
    NODE_ENV: 'production',
    TAP_SECRET_KEY: 'sk_live_1234567890',
    API_URL: 'https://api.cargoparts.sa',
    APP_URL: 'https://cargoparts.sa',
    SCRYPT_COST_LOG2: '17',
    ...over,
  })

const read = (over: Record<string, string | undefined> = {}, purpose: Purpose = 'api'): Config =>
  readConfig(complete(over), purpose)
const named = (env: NodeJS.ProcessEnv, purpose: Purpose = 'api'): string[] =>
  checkConfig(env, purpose).problems.map(problem => problem.name)
const sentence = (env: NodeJS.ProcessEnv, purpose: Purpose = 'api'): string => {
  try {
    readConfig(env, purpose)
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
  throw new Error('this environment is good')
}

describe('the configuration of the limits', () => {
  it('is a rate for each class', () => {
    const config = read({
      RATE_LIMIT_API_STANDARD: '90/30s',
      RATE_LIMIT_AUTH_LOGIN: '',
      RATE_LIMIT_AUTH_SEND: '7/2h',
    })
    expect(config.RATE_LIMIT_API_STANDARD).to.deep.equal({ max: 90, windowMs: 30_000 })
    expect(config.RATE_LIMIT_AUTH_LOGIN).to.deep.equal({ max: 5, windowMs: 900_000 })
    expect(config.RATE_LIMIT_AUTH_SEND).to.deep.equal({ max: 7, windowMs: 7_200_000 })
    expect(config.RATE_LIMITS_CLOSED).to.deep.equal(['auth:login', 'payments:create'])
  })

  // fault 22
  for (const value of [
    '60',
    '0/1m',
    '60/0m',
    '-5/1m',
    '5/1',
    '5/m',
    '60/1w',
    '1e3/1m',
    '5 / 1m',
    '60/2d',
    '60/99999h',
    'off',
  ])
    it(`refuses ${value}`, () => {
      expect(named(complete({ RATE_LIMIT_API_STANDARD: value }))).to.deep.equal(['RATE_LIMIT_API_STANDARD'])
      expect(sentence(complete({ RATE_LIMIT_API_STANDARD: value }))).to.match(/must be/)
    })

  it('refuses a class that there is none of, and one that needs no Redis', () => {
    for (const value of ['auth:logn', 'auth:login, api:standart', 'health', 'AUTH:LOGIN'])
      expect(named(complete({ RATE_LIMITS_CLOSED: value })), value).to.deep.equal(['RATE_LIMITS_CLOSED'])
    expect(named(complete({ RATE_LIMITS_CLOSED: 'none' }))).to.be.empty
  })
})

describe('the configuration', () => {
  describe('of a good environment', () => {
    it('has the defaults that are documented', () => {
      const config = read({
        NODE_ENV: undefined,
        PORT: undefined,
        API_URL: undefined,
        DATABASE_POOL_MIN: undefined,
        ENABLE_2FA: undefined,
        ENABLE_API_KEYS: undefined,
      })
      expect(config).to.include({
        NODE_ENV: 'development',
        PORT: 3000,
        API_URL: 'http://localhost:3000',
        DATABASE_POOL_MIN: 2,
        DATABASE_POOL_MAX: 10,
        SLOW_QUERY_MS: 1000,
        REDIS_PORT: 6379,
        UNIFONIC_SENDER_ID: 'CargoParts',
        DEFAULT_CURRENCY: 'SAR',
        DEFAULT_LOCALE: 'ar',
        VAT_RATE: 1500,
        ENABLE_2FA: false,
        ENABLE_API_KEYS: false,
        ENABLE_WEBHOOKS: true,
        isStrict: false,
      })
      expect(config.API_VERSIONS_SUPPORTED).to.deep.equal(['v1'])
      expect(config.warnings).to.deep.equal([])
    })

    it('knows the environments, test among them', () => {
      for (const [NODE_ENV, TAP_SECRET_KEY] of [
        ['development', 'sk_test_1'],
        ['test', 'sk_test_1'],
        ['staging', 'sk_test_1'],
        ['production', 'sk_live_1'],
      ])
        expect(readConfig(live({ NODE_ENV, TAP_SECRET_KEY }), 'api').NODE_ENV).to.equal(NODE_ENV)
      expect(named(complete({ NODE_ENV: 'prod' }))).to.deep.equal(['NODE_ENV'])
    })

    it('takes an empty variable for one that is not set', () => {
      const config = read({ PORT: '', LOG_LEVEL: ' ', ENABLE_WEBHOOKS: '', SMTP_HOST: '', VAT_RATE: '\t' })
      expect(config).to.include({ PORT: 3000, LOG_LEVEL: 'info', ENABLE_WEBHOOKS: true, VAT_RATE: 1500 })
      expect(config.SMTP_HOST).to.equal(undefined)
      expect(named(complete({ TAP_SECRET_KEY: '' }))).to.deep.equal(['TAP_SECRET_KEY'])
      expect(named(complete({ JWT_SECRET: '   ' }))).to.deep.equal(['JWT_SECRET'])
    })

    it('is not changed by variables it does not know', () => {
      expect(read({ PATH: '/bin', npm_config_x: '1' })).to.not.have.any.keys('PATH', 'npm_config_x')
    })
  })

  describe('of switches', () => {
    for (const [texts, value] of [
      [['true', '1', 'yes', 'on', 'TRUE', 'True'], true],
      [['false', '0', 'no', 'off', 'FALSE'], false],
    ] as const) {
      it(`reads ${texts.join(', ')} as ${value}`, () => {
        for (const text of texts) expect(read({ ENABLE_2FA: text }).ENABLE_2FA, text).to.equal(value)
      })
    }
    for (const text of ['ja', '2', 'truee', 'null', '[]'])
      it(`refuses ${text}`, () => expect(named(complete({ ENABLE_2FA: text }))).to.deep.equal(['ENABLE_2FA']))
  })

  describe('of numbers', () => {
    for (const text of ['abc', 'NaN', '-1', '1.5', '1e3', '0x10', '65536', 'Infinity', '3000 ', '٣٠٠٠'])
      it(`refuses PORT ${text}`, () => expect(named(complete({ PORT: text }))).to.deep.equal(['PORT']))

    it('reads whole numbers within their limits', () => {
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 65535 }), port => read({ PORT: String(port) }).PORT === port),
      )
    })

    it('says which limit was passed', () => {
      expect(sentence(complete({ PORT: '70000' }))).to.include('PORT must be at most 65535')
      expect(sentence(complete({ DATABASE_POOL_MAX: '0' }))).to.include(
        'DATABASE_POOL_MAX must be at least 1',
      )
    })

    for (const [text, basisPoints] of [
      ['15', 1500],
      ['0', 0],
      ['5.5', 550],
      ['15.00', 1500],
      ['0.05', 5],
      ['99.99', 9999],
    ] as const)
      it(`reads VAT_RATE ${text} as per cent`, () =>
        expect(read({ VAT_RATE: text }).VAT_RATE).to.equal(basisPoints))

    for (const text of ['15%', '-5', '100', '15.001', '.5', '1,5', 'abc'])
      it(`refuses VAT_RATE ${text}`, () =>
        expect(named(complete({ VAT_RATE: text }))).to.deep.equal(['VAT_RATE']))

    it('refuses a pool whose least is more than its most', () => {
      expect(named(complete({ DATABASE_POOL_MIN: '11' }))).to.deep.equal(['DATABASE_POOL_MIN'])
      expect(read({ DATABASE_POOL_MIN: '10' }).DATABASE_POOL_MIN).to.equal(10)
    })
  })

  describe('of addresses and lists', () => {
    it('refuses an address of another kind', () => {
      for (const [name, value] of [
        ['DATABASE_URL', 'mysql://db/x'],
        ['DATABASE_URL', 'db/x'],
        ['REDIS_URL', 'http://cache'],
        ['API_URL', 'ftp://api'],
        ['TAP_API_URL', 'not an address'],
        ['SENTRY_DSN', 'javascript:alert(1)'],
      ] as const)
        expect(named(complete({ [name]: value })), value).to.deep.equal([name])
    })

    it('drops the slash at the end of its own addresses', () => {
      expect(read({ API_URL: 'https://api.cargoparts.sa//' }).API_URL).to.equal('https://api.cargoparts.sa')
    })

    it('splits lists at commas', () => {
      const { CORS_ORIGINS } = read({ CORS_ORIGINS: ' https://a.sa ,https://b.sa:8443,, ' })
      expect(CORS_ORIGINS).to.deep.equal(['https://a.sa', 'https://b.sa:8443'])
    })

    for (const origin of ['https://a.sa/', 'https://a.sa/shop', 'a.sa', '*', 'https://A.sa', 'null'])
      it(`refuses ${origin} as an origin: no browser sends it`, () =>
        expect(named(complete({ CORS_ORIGINS: `https://b.sa,${origin}` }))).to.deep.equal(['CORS_ORIGINS']))

    for (const versions of ['v2', 'v1,v2', '1', ','])
      it(`refuses to support the versions ${versions}`, () =>
        expect(named(complete({ API_VERSIONS_SUPPORTED: versions }))).to.deep.equal([
          'API_VERSIONS_SUPPORTED',
        ]))

    for (const entry of [
      'v1',
      'v1=2026-07-01',
      'v1=2026-07-01/2026-99-99',
      'v1=2026-02-30/2027-01-31',
      'v1=2027-01-31/2026-07-01',
      'v1=2026-07-01/2027-01-31,v2',
    ])
      it(`refuses the deprecation ${entry}`, () =>
        expect(named(complete({ API_VERSIONS_DEPRECATED: entry }))).to.deep.equal([
          'API_VERSIONS_DEPRECATED',
        ]))

    it('takes a deprecation with two days in order', () => {
      expect(
        read({ API_VERSIONS_DEPRECATED: 'v1=2026-07-01/2027-01-31' }).API_VERSIONS_DEPRECATED,
      ).to.have.length(1)
    })
  })

  describe('of Redis', () => {
    const redisUrl = (over: Record<string, string>) => read({ REDIS_URL: undefined, ...over }).redisUrl

    it('is one address, given whole or in parts', () => {
      expect(read().redisUrl).to.equal('redis://cache:6379/0')
      expect(redisUrl({ REDIS_HOST: 'cache' })).to.equal('redis://cache:6379/0')
      expect(redisUrl({ REDIS_HOST: 'cache', REDIS_PORT: '6380', REDIS_DB: '3' })).to.equal(
        'redis://cache:6380/3',
      )
      expect(redisUrl({ REDIS_HOST: '::1' })).to.equal('redis://[::1]:6379/0')
    })

    it('keeps a password whole, whatever is in it', () => {
      fc.assert(
        fc.property(fc.string({ minLength: 1 }), password => {
          fc.pre(password.trim() !== '')
          const url = new URL(redisUrl({ REDIS_HOST: 'cache', REDIS_PASSWORD: password }) as string)
          expect(decodeURIComponent(url.password)).to.equal(password.trim())
          expect(url.hostname).to.equal('cache')
        }),
      )
    })

    it('is needed by the API and the worker, in one of the two ways', () => {
      for (const purpose of ['api', 'worker'] as const)
        expect(named(complete({ REDIS_URL: undefined }), purpose)).to.deep.equal(['REDIS_URL'])
      for (const purpose of ['command', 'database'] as const)
        expect(named(complete({ REDIS_URL: undefined }), purpose)).to.deep.equal([])
    })
  })

  describe('of secrets', () => {
    for (const [name, length] of [
      ['JWT_SECRET', 32],
      ['JWT_REFRESH_SECRET', 32],
      ['SESSION_SECRET', 32],
      ['PAYMENT_SALT', 16],
      ['AUDIT_SALT', 16],
    ] as const) {
      it(`wants ${length} characters of ${name}`, () => {
        expect(named(complete({ [name]: 'x'.repeat(length - 1) }))).to.deep.equal([name])
        expect(named(complete({ [name]: 'x'.repeat(length) }))).to.deep.equal([])
      })
    }

    it('wants 64 hexadecimal digits of keys', () => {
      for (const name of ['PAYMENT_ENCRYPTION_KEY', 'HYPERPAY_WEBHOOK_SECRET']) {
        for (const value of ['a'.repeat(63), 'a'.repeat(65), 'g'.repeat(64)])
          expect(named(complete({ [name]: value })), value).to.deep.equal([name])
        expect(named(complete({ [name]: 'aB'.repeat(32) }))).to.deep.equal([])
      }
    })

    it('refuses two that are equal, and names both', () => {
      const same = 'the-same-secret-in-two-places-32-ch'
      const names = [
        'JWT_SECRET',
        'JWT_REFRESH_SECRET',
        'SESSION_SECRET',
        'PAYMENT_SALT',
        'AUDIT_SALT',
        'TAP_SECRET_KEY',
      ]
      for (const one of names)
        for (const other of names.filter(name => name !== one)) {
          const text = sentence(complete({ [one]: same, [other]: same }))
          expect(text).to.include(one).and.include(other).and.include('must differ from')
        }
    })
  })

  describe('by what a process is for', () => {
    it('asks a migration for the database and for nothing else', () => {
      expect(named({}, 'database')).to.deep.equal(['DATABASE_URL'])
      expect(named({ DATABASE_URL: 'postgres://db/x' }, 'database')).to.deep.equal([])
      expect(named({ DATABASE_URL: 'postgres://db/x' }, 'command')).to.deep.equal([])
    })

    it('asks the API for all it needs, at once', () => {
      expect(named({}, 'api')).to.have.members([
        'DATABASE_URL',
        'REDIS_URL',
        'JWT_SECRET',
        'JWT_REFRESH_SECRET',
        'SESSION_SECRET',
        'TAP_SECRET_KEY',
        'TAP_PUBLIC_KEY',
        'PAYMENT_ENCRYPTION_KEY',
        'PAYMENT_SALT',
        'AUDIT_SALT',
        'STORAGE_URL',
      ])
    })

    it('asks the worker for no secret of sessions', () => {
      expect(named({}, 'worker')).to.include('TAP_SECRET_KEY').and.not.include.members(['JWT_SECRET'])
    })

    it('refuses a value that is wrong even where it is not needed', () => {
      expect(named({ DATABASE_URL: 'postgres://db/x', VAT_RATE: 'x' }, 'database')).to.deep.equal([
        'VAT_RATE',
      ])
    })
  })

  describe('in production', () => {
    it('is strict, in staging too', () => {
      expect(readConfig(live(), 'api').isStrict).to.equal(true)
      expect(readConfig(live({ NODE_ENV: 'staging', TAP_SECRET_KEY: 'sk_test_1' }), 'api').isStrict).to.equal(
        true,
      )
      for (const NODE_ENV of ['development', 'test']) expect(read({ NODE_ENV }).isStrict).to.equal(false)
    })

    const FOREIGN = ['sk_other', 'sk_live', 'SK_LIVE_1', 'pk_live_1', 'x_sk_live_1', 'a-key-of-another-house']
    for (const name of ['TAP_SECRET_KEY', 'TAP_SECRET_KEY_PREVIOUS'])
      for (const purpose of ['api', 'worker'] as const) {
        it(`wants a live ${name} of the ${purpose}, and says which it has`, () => {
          expect(named(live({ [name]: 'sk_live_other' }), purpose)).to.deep.equal([])
          expect(sentence(live({ [name]: 'sk_test_1' }), purpose)).to.include(
            `  ${name} is a test key, in production`,
          )
          for (const key of FOREIGN) {
            expect(named(live({ [name]: key }), purpose), key).to.deep.equal([name])
            const said = sentence(live({ [name]: key }), purpose)
            expect(said).to.include(`  ${name} must begin sk_live_ in production`)
            if (key !== 'sk_live') expect(said).to.not.include(key)
          }
        })

        it(`wants a test ${name} of the ${purpose} in staging, and none that is live elsewhere`, () => {
          const staging = { NODE_ENV: 'staging', TAP_SECRET_KEY: 'sk_test_1' }
          expect(named(live({ ...staging, [name]: 'sk_test_other' }), purpose)).to.deep.equal([])
          expect(sentence(live({ ...staging, [name]: 'sk_live_1' }), purpose)).to.include(
            `  ${name} is a live key, in staging`,
          )
          for (const key of FOREIGN)
            expect(sentence(live({ ...staging, [name]: key }), purpose), key).to.include(
              `  ${name} must begin sk_test_ in staging`,
            )
          for (const NODE_ENV of ['development', 'test']) {
            expect(sentence(complete({ NODE_ENV, [name]: 'sk_live_1' }), purpose)).to.include(
              `  ${name} is a live key, in ${NODE_ENV}`,
            )
            expect(named(complete({ NODE_ENV, [name]: 'sk_other' }), purpose)).to.deep.equal([])
          }
        })
      }

    it('wants https', () => {
      for (const name of ['API_URL', 'APP_URL'])
        expect(named(live({ [name]: 'http://cargoparts.sa' }))).to.deep.equal([name])
    })

    it('wants https of providers, but for this machine, in staging too', () => {
      const staging = { NODE_ENV: 'staging', TAP_SECRET_KEY: 'sk_test_1' }
      for (const over of [{}, staging]) {
        for (const name of ['TAP_API_URL', 'HYPERPAY_API_URL', 'ZATCA_API_URL'])
          expect(named(live({ ...over, [name]: 'http://pay.example' }))).to.deep.equal([name])
        for (const host of ['localhost', '127.0.0.1:4000', '[::1]:4000'])
          expect(named(live({ ...over, TAP_API_URL: `http://${host}/v2` }))).to.deep.equal([])
        expect(named(live({ ...over, TAP_API_URL: 'http://127.0.0.1.evil.example' }))).to.deep.equal([
          'TAP_API_URL',
        ])
      }
      expect(named(complete({ TAP_API_URL: 'http://pay.example' }))).to.deep.equal([])
    })

    it('wants password hashes as dear as they should be, in staging too', () => {
      const cheap = { SCRYPT_COST_LOG2: '16' }
      expect(named(live(cheap))).to.deep.equal(['SCRYPT_COST_LOG2'])
      expect(named(live({ ...cheap, NODE_ENV: 'staging', TAP_SECRET_KEY: 'sk_test_1' }))).to.deep.equal([
        'SCRYPT_COST_LOG2',
      ])
      expect(named(live({ SCRYPT_COST_LOG2: undefined }))).to.deep.equal([])
      expect(named(complete(cheap))).to.deep.equal([])
    })

    it('warns where one role serves and owns the schema', () => {
      const warnings = (over: Record<string, string>) => readConfig(live(over), 'api').warnings
      const both = { DATABASE_URL: 'postgres://app:one@db/x', DATABASE_OWNER_URL: 'postgres://app:two@db/x' }
      expect(warnings(both).join()).to.match(/^DATABASE_URL signs in as the owner/)
      expect(warnings({ ...both, DATABASE_OWNER_URL: 'postgres://owner:two@db/x' })).to.deep.equal([])
      expect(warnings({})).to.deep.equal([])
      expect(read(both).warnings).to.deep.equal([])
    })

    it('asks the same of the worker, and nothing of a migration', () => {
      expect(named(live({ TAP_SECRET_KEY: 'sk_test_1' }), 'worker')).to.deep.equal(['TAP_SECRET_KEY'])
      expect(named(live({ TAP_SECRET_KEY: 'sk_test_1' }), 'database')).to.deep.equal([])
    })

    it('warns, without the value, of what takes data out of the Kingdom', () => {
      const { warnings } = readConfig(
        live({ MIXPANEL_TOKEN: 'value-of-the-token', AWS_REGION: 'eu-1' }),
        'api',
      )
      expect(warnings).to.have.length(2)
      expect(warnings.join())
        .to.include('MIXPANEL_TOKEN')
        .and.include('AWS_REGION')
        .and.not.include('value-of')
    })
  })

  describe('of a bad environment', () => {
    it('names every problem at once, of single variables and of several together', () => {
      const text = sentence(
        complete({
          PORT: 'abc',
          NODE_ENV: 'prod',
          ENABLE_2FA: 'ja',
          VAT_RATE: '15%',
          JWT_SECRET: 'short',
          DATABASE_POOL_MIN: '50',
          PAYMENT_SALT: 'test-audit-salt-1',
          TAP_PUBLIC_KEY: '',
        }),
      )
      for (const name of [
        'PORT',
        'NODE_ENV',
        'ENABLE_2FA',
        'VAT_RATE',
        'JWT_SECRET',
        'DATABASE_POOL_MIN',
        'AUDIT_SALT',
        'TAP_PUBLIC_KEY',
      ])
        expect(text).to.include(`  ${name} `)
      expect(text).to.match(/^The environment has 8 problems:\n/)
    })

    it('counts one as one', () => {
      expect(sentence(complete({ PORT: 'x' }))).to.match(/^The environment has 1 problem:\n {2}PORT must be/)
    })

    it('carries the names as fields', () => {
      try {
        readConfig(complete({ PORT: 'x' }), 'api')
        expect.fail('it was read')
      } catch (error) {
        expect(error).to.include({ kind: 'invalid', code: 'config.invalid' })
        expect((error as AppError).details.errors).to.deep.equal([
          { pointer: 'PORT', detail: 'must be a whole number' },
        ])
      }
    })

    it('never prints a value', () => {
      const value = 'V4LUE-THAT-MUST-NOT-SHOW'
      const names = Object.keys(Environment.shape)
      expect(names.length).to.be.above(60)
      for (const name of names) {
        const env = complete({ [name]: value, JWT_SECRET: 'short' })
        expect(JSON.stringify(checkConfig(env, 'api').problems), name).to.not.include(value)
        expect(sentence(env), name).to.not.include(value)
      }
    })

    it('speaks of each variable in a sentence', () => {
      const names = Object.keys(Environment.shape)
      for (const name of names)
        for (const { problem } of checkConfig(complete({ [name]: '\u0001,' }), 'api').problems)
          expect(problem, name).to.match(/^(must|is|names) /)
    })
  })
})
