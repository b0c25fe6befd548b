import { Writable } from 'node:stream'
import winston from 'winston'
import { redact } from './redact.js'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type LogFields = Record<string, unknown>
export type Logger = {
  debug(event: string, fields?: LogFields): void
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, fields?: LogFields): void
}

type Options = {
  level: LogLevel
  environment: string
  stderr?: boolean
  pretty?: boolean
  /** Lines of one turn of the event loop are written together; for a process that writes many. */
  gathered?: boolean
}

/** Line by line on stdout; every level on stderr for a command, whose stdout belongs to its result. */
export function createLogger(options: Options): Logger {
  const { level, environment, stderr = false, pretty = false, gathered = false } = options
  const format = winston.format(info => {
    const { level: severity, message, ...fields } = info
    // the envelope comes last, so that no field of an event can forge its level, time or name
    const line = {
      ...(redact(fields) as LogFields),
      service: 'cargoparts-api',
      environment,
      level: severity,
      event: message,
      at: new Date().toISOString(),
    }
    info[Symbol.for('message') as unknown as string] = pretty ? prettyLine(line) : JSON.stringify(line)
    return info
  })
  const root = winston.createLogger({
    level,
    format: format(),
    transports: [
      gathered
        ? new winston.transports.Stream({ stream: gatheredStdout() })
        : new winston.transports.Console({ stderrLevels: stderr ? ['error', 'warn', 'info', 'debug'] : [] }),
    ],
  })
  const write = (severity: LogLevel) => {
    // winston makes the line first, and then sees that nobody wants it
    if (!root.isLevelEnabled(severity)) return () => undefined
    return (event: string, fields: LogFields = {}) =>
      void root.log({ ...fields, level: severity, message: event })
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** One write to the system for all lines of a turn: each costs more than making the line. None is lost at an exit. */
function gatheredStdout(): Writable {
  let lines = ''
  const flush = () => {
    if (lines !== '') process.stdout.write(lines)
    lines = ''
  }
  process.on('exit', flush)
  return new Writable({
    decodeStrings: false,
    write(line: string, _encoding, done) {
      if (lines === '') setImmediate(flush)
      lines += line
      done()
    },
  })
}

function prettyLine({
  service: _service,
  environment: _environment,
  level,
  event,
  at,
  ...rest
}: LogFields): string {
  const fields = Object.entries(rest).map(
    // a text with blanks or line breaks is quoted, so that it cannot pass for a field or a line of its own
    ([key, value]) =>
      `${key}=${typeof value === 'string' && !/[\s\p{Cc}]/u.test(value) ? value : JSON.stringify(value)}`,
  )
  return `${String(at).slice(11, 23)} ${String(level).padEnd(5)} ${String(event)} ${fields.join(' ')}`.trimEnd()
}
