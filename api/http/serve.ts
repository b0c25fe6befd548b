import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import type Router from '@koa/router'
import type { Context } from 'koa'
import type { Actor } from '../platform/actor.js'
import { newId } from '../platform/ids.js'
import { isAtWork } from '../platform/rate-limits.js'
import { admit } from './admit.js'
import { type Idempotent, runIdempotently } from './idempotent.js'
import { type Locale, localeOf } from './locale.js'
import type { Input, Operation } from './operation.js'
import type { RateLimit } from './rate-limit.js'
import { readInput } from './read-input.js'

type AnyInput = Input<unknown, unknown, unknown>
type Signed = { method: string; path: string; bodySha256: string }

export type ServeDeps = {
  authenticate(ctx: Context): Promise<Actor>
  rateLimit: RateLimit
  /** Refuses a critical request unless its Operation-Token is for it, and unused but by this very attempt. */
  spendToken(actor: Actor, request: Signed, token: string, attempt: string): Promise<void>
  denied(actor: Actor, op: Operation): void
  idempotent: Idempotent
  defaultLocale: Locale
}

/** Mounts operations: who calls, how often, may they, what do they ask, do it, answer. */
export function serve(router: Router, operations: readonly Operation[], deps: ServeDeps): void {
  for (const op of operations) {
    const limit = op.limit ?? 'api:standard'
    router[op.method](op.path, async ctx => {
      ctx.state.route = `${op.method.toUpperCase()} ${op.path}`
      ctx.state.isQuiet = op.isQuiet
      ctx.set('Cache-Control', 'no-store')
      const { actor, refusal } = await identify(op, ctx, deps)
      ctx.state.actor = actor
      const enter = async () => {
        if (refusal) throw refusal
        admit(op, actor, deps.denied)
        await answer(op, ctx, await readInput(op, ctx, actor, localeOf(ctx, deps.defaultLocale)), deps)
      }
      await (isAtWork(limit) ? enter() : deps.rateLimit(limit, ctx, { actor }, enter))
    })
  }
}

/** Whoever shows a bad token is a stranger, who is counted like one before being refused. */
async function identify(
  op: Operation,
  ctx: Context,
  deps: ServeDeps,
): Promise<{ actor: Actor; refusal?: unknown }> {
  if (op.ignoresToken) return { actor: stranger(ctx) }
  try {
    return { actor: await deps.authenticate(ctx) }
  } catch (refusal) {
    return { actor: stranger(ctx), refusal }
  }
}

export const stranger = (ctx: Context): Actor => ({
  kind: 'anonymous',
  ip: ctx.ip,
  userAgent: ctx.get('user-agent'),
})

async function answer(op: Operation, ctx: Context, input: AnyInput, deps: ServeDeps): Promise<void> {
  const work = (final: AnyInput) => perform(op, ctx, final, deps)
  if (op.idempotent) {
    const prove = (final: AnyInput) => checkSignature(op, ctx, final, deps)
    return runIdempotently(deps.idempotent, op, ctx, input, { prove, work })
  }
  const result = await (op.upload ? withUpload(input, work) : work(input))
  if (result === undefined && ctx.body == null) ctx.status = op.status ?? 204
  else if (result !== undefined) {
    if (op.responseType) ctx.type = op.responseType
    ctx.body = result
    ctx.status = op.status ?? ctx.status
    if (op.revalidates) revalidate(ctx, result)
  }
}

/** Kept by the client that asked and nobody on the way, and asked for again each time: whoever may no longer see it gets no 304. */
function revalidate(ctx: Context, result: unknown): void {
  const content = typeof result === 'string' ? result : JSON.stringify(result)
  ctx.set('Cache-Control', 'private, no-cache')
  const tag = `"${createHash('sha256').update(content).digest('base64url')}"`
  ctx.set('ETag', tag)
  // not koa's `fresh`: it heeds no-cache, which is for caches on the way and which fetch() sends along with every tag
  const known = ctx
    .get('if-none-match')
    .split(',')
    .map(each => each.trim().replace(/^W\//, ''))
  if (!known.includes(tag) && !known.includes('*')) return
  ctx.status = 304
  ctx.body = null
}

/** The operation itself, behind what is only asked when work begins: the narrow limits, and the signature. */
async function perform(op: Operation, ctx: Context, input: AnyInput, deps: ServeDeps): Promise<unknown> {
  const handle = async () => {
    if (!op.idempotent) await checkSignature(op, ctx, input, deps)
    return op.handle(input)
  }
  const limit = op.limit ?? 'api:standard'
  if (!isAtWork(limit)) return handle()
  let result: unknown
  const caller = {
    actor: input.actor,
    ...(op.account ? { account: op.account(input) } : {}),
    ...(input.idempotencyId ? { attempt: input.idempotencyId } : {}),
  }
  await deps.rateLimit(limit, ctx, caller, async () => {
    result = await handle()
  })
  return result
}

async function checkSignature(op: Operation, ctx: Context, input: AnyInput, deps: ServeDeps): Promise<void> {
  if (!op.signed) return
  const { actor, rawBody, idempotencyId } = input
  const bodySha256 = createHash('sha256').update(rawBody).digest('hex')
  const request = { method: ctx.method, path: ctx.path, bodySha256 }
  await deps.spendToken(actor, request, ctx.get('operation-token'), idempotencyId || newId())
}

/** The file lives as long as somebody reads it: to the end of an answer that streams. */
async function withUpload(input: AnyInput, work: (input: AnyInput) => Promise<unknown>): Promise<unknown> {
  let result: unknown
  try {
    result = await work(input)
    return result
  } finally {
    if (result instanceof Readable) result.once('close', () => input.upload.close())
    else await input.upload.close()
  }
}
