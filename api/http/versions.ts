import type { Middleware } from 'koa'
import { DEPRECATION } from '../platform/config/rules.js'
import { AppError } from '../platform/errors.js'

type Settings = { supported: string[]; deprecated: string[]; docsUrl: string }

/**
 * Which version of the API answers: the path says it (`/api/v1/…`); where the path does not, the
 * `api-version` header does; where neither does, v1. The two must not disagree.
 */
export function versions({ supported, deprecated, docsUrl }: Settings): Middleware {
  const ending = new Map(deprecated.map(entry => DEPRECATION.exec(entry)).map(match => [match?.[1], match]))

  return async (ctx, next) => {
    const match = /^\/api(?:\/(v\d+))?(?=\/|$)(.*)$/.exec(ctx.path)
    if (!match) return next()
    const [, inPath, rest = ''] = match
    const inHeader = normalise(ctx.get('api-version'))
    if (inPath && inHeader && inPath !== inHeader) {
      throw refusal(
        'api.version_conflict',
        `The path says ${inPath} and the api-version header ${inHeader}.`,
        supported,
      )
    }
    const version = inPath ?? inHeader ?? 'v1'
    if (!supported.includes(version)) {
      throw refusal(
        'api.version_unsupported',
        `There is no ${version} of this API. Supported: ${supported.join(', ')}.`,
        supported,
      )
    }
    ctx.path = `/api/${version}${rest}`
    const end = ending.get(version)
    if (end) announceEnd(ctx, end[2] as string, end[3] as string, docsUrl)
    await next()
  }
}

/** `1`, `v1` and `V1` are the same word; anything else stands as it is, and is refused by name. */
function normalise(header: string): string | undefined {
  if (header === '') return undefined
  return /^v?\d+$/i.test(header) ? `v${header.replace(/^v/i, '')}` : header.slice(0, 20)
}

/** RFC 9745 (Deprecation), RFC 8594 (Sunset). */
function announceEnd(ctx: Parameters<Middleware>[0], since: string, sunset: string, docsUrl: string): void {
  ctx.set('Deprecation', `@${Date.parse(`${since}T00:00:00Z`) / 1000}`)
  ctx.set('Sunset', new Date(`${sunset}T00:00:00Z`).toUTCString())
  ctx.set('Link', `<${docsUrl}>; rel="deprecation"`)
}

function refusal(code: string, message: string, supported: string[]): AppError {
  return new AppError('malformed', code, message, { supported })
}
