import type { Context } from 'koa'
import { requireUser } from '../platform/actor.js'
import { toAppError } from '../platform/driver-errors.js'
import type { AppError } from '../platform/errors.js'
import type { IdempotencyStore } from '../platform/idempotency-store.js'
import { fingerprint, readIdempotencyKey } from './idempotency.js'
import type { Input, Operation } from './operation.js'

export type Idempotent = {
  store: IdempotencyStore
  /** The problem document of an error, as the error answer would carry it. */
  problem(error: AppError, ctx: Context): { status: number }
}

/**
 * Runs an operation once for a caller's key. The answer is kept, errors included, and given again to every
 * repeat. Two kinds are not kept: input that was refused (nothing began), and a dependency that was away
 * (the repeat goes on where this attempt stopped).
 */
export async function runIdempotently(
  { store, problem }: Idempotent,
  op: Operation,
  ctx: Context,
  input: Input<unknown, unknown, unknown>,
  work: (input: Input<unknown, unknown, unknown>) => Promise<unknown>,
): Promise<void> {
  const { id: userId } = requireUser(input.actor)
  const key = readIdempotencyKey(ctx.get('idempotency-key'))
  const claim = await store.claim(userId, op.id, key, fingerprint(ctx.method, ctx.path, input.body))
  if (claim.answer) {
    ctx.set('Idempotency-Replayed', 'true')
    return send(ctx, claim.answer)
  }
  try {
    const body = await work({ ...input, idempotencyId: claim.id })
    const answer = { status: op.status ?? 200, body }
    await store.keep(claim, answer)
    send(ctx, answer)
  } catch (thrown) {
    const error = toAppError(thrown)
    if (isUnbegun(error)) await store.release(claim)
    else if (error.kind === 'unavailable' || error.kind === 'rate_limited')
      await store.leave(claim).catch(() => undefined)
    else
      await store
        .keep(claim, { status: problem(error, ctx).status, body: problem(error, ctx) })
        .catch(() => undefined)
    throw thrown
  }
}

const isUnbegun = (error: AppError): boolean =>
  error.kind === 'invalid' || error.kind === 'malformed' || error.code === 'request.lost_race'

function send(ctx: Context, { status, body }: { status: number; body: unknown }): void {
  ctx.status = status
  ctx.body = JSON.stringify(body)
  ctx.type = status < 400 ? 'application/json' : 'application/problem+json'
}
