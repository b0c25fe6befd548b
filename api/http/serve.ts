import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import type Router from '@koa/router'
import type { Context } from 'koa'
import type { ZodType } from 'zod'
import type { Actor } from '../platform/actor.js'
import { AppError } from '../platform/errors.js'
import { readBytes, readJson } from './body.js'
import { type Idempotent, runIdempotently } from './idempotent.js'
import { type Locale, localeOf } from './locale.js'
import type { Input, Operation } from './operation.js'
import { parse } from './parse.js'
import { readUpload } from './upload.js'
import { checkValues } from './values.js'

export type ServeDeps = {
  authenticate(ctx: Context): Promise<Actor>
  idempotent: Idempotent
  defaultLocale: Locale
}

/** Mounts operations: authenticate, check the role, read, validate, handle, answer. */
export function serve(router: Router, operations: readonly Operation[], deps: ServeDeps): void {
  for (const op of operations) {
    router[op.method](op.path, async ctx => {
      ctx.state.route = `${op.method.toUpperCase()} ${op.path}`
      const locale = localeOf(ctx, deps.defaultLocale)
      const actor = op.ignoresToken ? stranger(ctx) : await deps.authenticate(ctx)
      ctx.state.actor = actor
      ctx.set('Cache-Control', 'no-store')
      admit(op, actor)
      const input = await read(op, ctx, actor, locale)
      if (op.idempotent) return runIdempotently(deps.idempotent, op, ctx, input)
      const result = await (op.upload ? handleUpload(op, input) : op.handle(input))
      if (result === undefined && ctx.body == null) ctx.status = op.status ?? 204
      else if (result !== undefined) {
        if (op.responseType) ctx.type = op.responseType
        ctx.body = result
        ctx.status = op.status ?? ctx.status
      }
    })
  }
}

/** The file lives as long as somebody reads it: to the end of an answer that streams. */
async function handleUpload(op: Operation, input: Input<unknown, unknown, unknown>): Promise<unknown> {
  let result: unknown
  try {
    result = await op.handle(input)
    return result
  } finally {
    if (result instanceof Readable) result.once('close', () => input.upload.close())
    else await input.upload.close()
  }
}

export const stranger = (ctx: Context): Actor => ({
  kind: 'anonymous',
  ip: ctx.ip,
  userAgent: ctx.get('user-agent'),
})

function admit(op: Operation, actor: Actor): void {
  if (op.access === 'anyone') return
  if (actor.kind !== 'user') throw new AppError('unauthenticated', 'auth.required', 'Sign in first.')
  if (!op.access.includes(actor.role)) {
    throw new AppError('forbidden', 'auth.forbidden', `This needs one of the roles ${op.access.join(', ')}.`)
  }
}

/** node puts a replacement character for bytes that are no UTF-8; decodeURIComponent refuses them, as the path does. */
function checkQueryBytes(query: string): void {
  for (const [bytes] of query.matchAll(/(?:%[0-9a-f]{2})+/gi)) decodeURIComponent(bytes)
}

async function read(
  op: Operation,
  ctx: Context,
  actor: Actor,
  locale: Locale,
): Promise<Input<unknown, unknown, unknown>> {
  const incoming = {
    req: ctx.req,
    type: ctx.is('json') ? 'application/json' : ctx.request.type,
    length: ctx.request.length,
    charset: ctx.request.charset,
  }
  checkQueryBytes(ctx.querystring)
  checkValues(ctx.params, ':')
  checkValues(ctx.query, '?')
  return {
    params: op.params ? parse(op.params as ZodType, ctx.params, ':', locale) : undefined,
    query: op.query ? parse(op.query as ZodType, { ...ctx.query }, '?', locale) : undefined,
    rawBody: op.rawBody === undefined ? Buffer.alloc(0) : await readBytes(incoming, op.rawBody),
    body: op.body
      ? parse(op.body as ZodType, await readJson(incoming, op.bodyLimit), '#', locale)
      : undefined,
    // who asks for no upload is given none; the type says so only to those who do
    upload: (op.upload ? await readUpload(incoming, op.upload) : undefined) as FileHandle,
    actor,
    locale,
    idempotencyId: '',
    header: name => ctx.get(name),
    ctx,
  }
}
