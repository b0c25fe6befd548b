/** What went wrong, in words both the API and the command line understand. */
export type ErrorKind =
  | 'internal'
  | 'not_found'
  | 'conflict'
  | 'malformed'
  | 'too_large'
  | 'unsupported_type'
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'rate_limited'
  | 'unavailable'

export type FieldError = { pointer: string; detail: string }
export type ErrorDetails = Record<string, unknown> & { errors?: FieldError[] }

/**
 * An expected failure. Anything that is not an AppError is a bug and is answered as `internal`.
 * `code` is dotted and stable (`orders.not_cancellable`): it is part of the interface.
 */
export class AppError extends Error {
  override name = 'AppError'

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

export function notFound(thing: string, id: string): AppError {
  return new AppError('not_found', `${thing}s.not_found`, `No ${thing} has the id ${id}.`, { id })
}

export function unavailable(what: string, cause?: unknown): AppError {
  return new AppError('unavailable', `${what}.unavailable`, `The ${what} cannot be reached.`, {}, { cause })
}
