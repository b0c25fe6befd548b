import { AppError, unavailable } from './errors.js'

type DriverError = Error & { code?: unknown; constraint?: unknown; nativeError?: unknown }

/** Socket errors, and the SQLSTATE classes that mean "the server is not there for us now". */
const NETWORK_CODES = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
])
const SERVER_GONE = /^(08|53|57P0|58)/ // connection exceptions, no resources, shutdown, system error
/** knex puts the statement before the driver's words. */
const CODELESS =
  /(^| - )(Query read timeout|Connection terminated|timeout expired|Client has encountered a connection error|Connection ended unexpectedly|Client was closed)/
const STATEMENT_CANCELLED = '57014'
/** A migration changed a table in the middle of a transaction: the next try is as good as the first would have been. */
const OUTDATED_PLAN = /cached plan must not change result type$/
const LOCK_NOT_AVAILABLE = '55P03'
const SERIALIZATION = new Set(['40001', '40P01'])

/** The one translation from what the drivers throw to what the application says. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error
  const driver = unwrap(error)
  const code = typeof driver?.code === 'string' ? driver.code : ''
  if (isRedisGone(driver)) return unavailable('redis', error)
  if (isGone(driver, code)) return unavailable('database', error)
  if (SERIALIZATION.has(code) || code === LOCK_NOT_AVAILABLE) {
    return new AppError(
      'conflict',
      'request.lost_race',
      'Another request changed the same thing. Try again.',
      {},
      { cause: error },
    )
  }
  return new AppError('internal', 'internal', 'Something went wrong on our side.', {}, { cause: error })
}

/** True for a unique violation, of that constraint where one is named. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  const driver = unwrap(error)
  return driver?.code === '23505' && (constraint === undefined || driver.constraint === constraint)
}

/** True where a row names another that does not exist. */
export function isForeignKeyViolation(error: unknown): boolean {
  return unwrap(error)?.code === '23503'
}

function unwrap(error: unknown): DriverError | undefined {
  if (!(error instanceof Error)) return undefined
  const native = (error as DriverError).nativeError
  return native instanceof Error ? native : error
}

function isGone(error: DriverError | undefined, code: string): boolean {
  if (!error) return false
  if (NETWORK_CODES.has(code) || SERVER_GONE.test(code) || code === STATEMENT_CANCELLED) return true
  if (error instanceof AggregateError)
    return error.errors.some(e => isGone(unwrap(e), String(unwrap(e)?.code ?? '')))
  // knex and pg give these no code: a full pool, a query that outlived query_timeout, a socket that closed
  return (
    error.name === 'KnexTimeoutError' || CODELESS.test(error.message) || OUTDATED_PLAN.test(error.message)
  )
}

/** ioredis: tried as often as it may, or closed for good. */
function isRedisGone(error: DriverError | undefined): boolean {
  return error?.name === 'MaxRetriesPerRequestError' || error?.message === 'Connection is closed.'
}
