import type { Context, Middleware } from 'koa'
import { toAppError } from '../platform/driver-errors.js'
import { AppError, type FieldError } from '../platform/errors.js'
import type { Logger } from '../platform/logger.js'
import { fieldText } from './field-texts.js'
import { type Locale, localeOf } from './locale.js'
import { detailOf, statusOf, titleOf } from './problem-texts.js'

type Settings = { publicUrl: string; defaultLocale: Locale; logger: Logger }

export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  instance: string
  code: string
  requestId: string
  [member: string]: unknown
}

/** Every failure leaves as a problem document (RFC 9457), in the reader's language and without its cause. */
export function problems({ publicUrl, defaultLocale, logger }: Settings): Middleware {
  return async (ctx, next) => {
    try {
      await next()
      if (ctx.status === 404 && ctx.body == null) {
        throw new AppError('not_found', 'request.not_found', 'There is nothing at this path.')
      }
    } catch (thrown) {
      const error = fromKoa(thrown) ?? toAppError(thrown)
      if (error.kind === 'internal' || error.kind === 'unavailable') {
        logger.error('request_failed', { requestId: ctx.state.requestId, code: error.code, error })
      }
      const locale = localeOf(ctx, defaultLocale)
      ctx.set('Content-Language', locale)
      answer(ctx, problemOf(error, ctx, publicUrl, locale))
    }
  }
}

export function problemOf(error: AppError, ctx: Context, publicUrl: string, locale: Locale): Problem {
  return {
    // the members that RFC 9457 names come last: a detail that happens to be called `status` does not replace them
    ...error.details,
    ...(error.details.errors ? { errors: fieldsIn(error.details.errors, locale) } : {}),
    type: `${publicUrl}/problems/${error.code}`,
    title: titleOf(error, locale),
    status: statusOf(error),
    detail: detailOf(error, locale),
    instance: ctx.originalUrl.split('?')[0] ?? '',
    code: error.code,
    requestId: String(ctx.state.requestId ?? ''),
  }
}

/** Services and readers know no language: they give keys. What a schema refused is in words already. */
const fieldsIn = (errors: FieldError[], locale: Locale): FieldError[] =>
  errors.map(error => ({ ...error, detail: fieldText(error.detail, locale) }))

function answer(ctx: Context, problem: Problem): void {
  ctx.status = problem.status
  ctx.body = JSON.stringify(problem)
  ctx.type = 'application/problem+json'
  ctx.vary('Accept-Language')
  if (problem.status === 401) ctx.set('WWW-Authenticate', 'Bearer')
  const { retryAfter } = problem
  if (typeof retryAfter === 'number') ctx.set('Retry-After', String(retryAfter))
  else if (problem.status === 503) ctx.set('Retry-After', '2')
  // what is left of a body nobody read cannot be told from the next request
  if (problem.status === 413) ctx.set('Connection', 'close')
}

/** What koa and its router throw themselves: a bad URL encoding, a path that is too odd. */
function fromKoa(thrown: unknown): AppError | undefined {
  const status = (thrown as { status?: unknown; expose?: unknown } | null)?.status
  if (thrown instanceof URIError || status === 400) {
    return new AppError(
      'malformed',
      'request.bad_url',
      'The address of the request cannot be read.',
      {},
      { cause: thrown },
    )
  }
  return undefined
}
