import { expect } from 'chai'
import { createLogger, type LogFields, type LogLevel } from '../../api/platform/logger.js'

type Line = Record<string, unknown>
const LEVELS = ['debug', 'info', 'warn', 'error'] as const

describe('a log line', () => {
  /** What a logger writes, line by line, and where. */
  const written = (
    options: { level?: LogLevel; stderr?: boolean; pretty?: boolean },
    write: (logger: ReturnType<typeof createLogger>) => void,
  ) => {
    const out: string[] = []
    const err: string[] = []
    const streams = console as unknown as { _stdout: { write: unknown }; _stderr: { write: unknown } }
    const kept = [streams._stdout.write, streams._stderr.write]
    streams._stdout.write = (text: string) => out.push(text)
    streams._stderr.write = (text: string) => err.push(text)
    try {
      write(createLogger({ level: 'debug', environment: 'test', ...options }))
    } finally {
      ;[streams._stdout.write, streams._stderr.write] = kept
    }
    return { out, err }
  }
  const lineOf = (fields: LogFields): Line => {
    const { out } = written({}, logger => logger.warn('a_thing', fields))
    expect(out).to.have.length(1)
    return JSON.parse(out[0] as string)
  }

  it('says what happened, when, how grave it is and where', () => {
    const line = lineOf({ orderId: 'o-1' })
    expect(line).to.include({
      service: 'cargoparts-api',
      environment: 'test',
      level: 'warn',
      event: 'a_thing',
      orderId: 'o-1',
    })
    expect(Date.parse(String(line.at))).to.be.a('number').and.not.NaN
  })

  it('cannot be forged by the fields of an event', () => {
    const line = lineOf({
      level: 'debug',
      event: 'nothing_happened',
      message: 'forged',
      service: 'other',
      environment: 'production',
      at: '1970-01-01T00:00:00.000Z',
      timestamp: 'x',
    })
    expect(line).to.include({
      level: 'warn',
      event: 'a_thing',
      service: 'cargoparts-api',
      environment: 'test',
    })
    expect(line.at).to.not.equal('1970-01-01T00:00:00.000Z')
  })

  it('is one line, whatever a field holds', () => {
    const nasty = 'Mozilla\n{"level":"error","event":"forged"}\r\n\u2028\u001b[31m'
    for (const pretty of [false, true]) {
      const { out } = written({ pretty }, logger => logger.info('visit', { userAgent: nasty, note: 'a b=c' }))
      expect(out).to.have.length(1)
      expect((out[0] as string).trimEnd()).to.not.match(/\p{Cc}/u)
    }
    const { out } = written({ pretty: true }, logger => logger.info('visit', { note: 'a level=error' }))
    expect(out[0]).to.include('note="a level=error"')
  })

  it('holds no secret and no card number', () => {
    const line = lineOf({ password: 'hunter22', body: { card: '4111111111111111' }, error: new Error('x') })
    expect(line).to.deep.include({ password: '[redacted]', body: { card: '411111******1111' } })
    expect(line.error).to.include({ message: 'x' })
  })

  it('is left out below the level', () => {
    for (const [index, level] of LEVELS.entries()) {
      const { out } = written({ level }, logger => {
        for (const each of LEVELS) logger[each](each)
      })
      expect(out.map(text => JSON.parse(text).level)).to.deep.equal(LEVELS.slice(index))
    }
  })

  it('goes to stderr for a command, at every level: stdout is for its result', () => {
    const { out, err } = written({ stderr: true }, logger => {
      for (const level of LEVELS) logger[level](level)
    })
    expect(out).to.be.empty
    expect(err).to.have.length(4)
  })

  it('survives fields that cannot be written', () => {
    const circle: LogFields = { big: 5n, at: new Date(Number.NaN) }
    circle.self = circle
    expect(lineOf({ circle }).circle).to.include({ big: '5' })
  })
})
