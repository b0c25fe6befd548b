import type { Context } from 'koa'
import { requireUser } from '../platform/actor.js'
import { toAppError } from '../platform/driver-errors.js'
import type { AppError } from '../platform/errors.js'
import type { IdempotencyStore, StoredAnswer } from '../platform/idempotency-store.js'
import type { Sealer } from '../platform/sealer.js'
import { fingerprint, readIdempotencyKey } from './idempotency.js'
import type { Input, Operation } from './operation.js'

export type Idempotent = {
  store: IdempotencyStore
  /** For kept answers that hold a secret. */
  seal: Sealer
  /** The problem document of an error, as the error answer would carry it. */
  problem(error: AppError, ctx: Context): { status: number }
}

type AnyInput = Input<unknown, unknown, unknown>
type Steps = {
  /** Refuses a request that is not signed as its operation wants it. */
  prove(input: AnyInput): Promise<void>
  work(input: AnyInput): Promise<unknown>
}

/**
 * Runs an operation once for a caller's key. The answer is kept, errors included, and given again to every
 * repeat. Two kinds are not kept: a request that was refused before it began, and a dependency that was away
 * (the repeat goes on where this attempt stopped).
 */
export async function runIdempotently(
  { store, seal, problem }: Idempotent,
  op: Operation,
  ctx: Context,
  input: AnyInput,
  { prove, work }: Steps,
): Promise<void> {
  const { id: userId } = requireUser(input.actor)
  const key = readIdempotencyKey(ctx.get('idempotency-key'))
  const claim = await store.claim(userId, op.id, key, fingerprint(ctx.method, ctx.path, input.body))
  const final = { ...input, idempotencyId: claim.id }
  if (claim.answer) {
    // whoever knows the key of somebody's request must not get its secret by that alone
    if (op.hasSecret) await prove(final)
    ctx.set('Idempotency-Replayed', 'true')
    return send(ctx, opened(claim.answer, claim.id, seal))
  }
  await prove(final).catch(async refusal => {
    await store.release(claim)
    throw refusal
  })
  try {
    const body = await work(final)
    const answer = { status: op.status ?? 200, body }
    await store.keep(claim, op.hasSecret ? sealed(answer, claim.id, seal) : answer)
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

function sealed({ status, body }: StoredAnswer, owner: string, seal: Sealer): StoredAnswer {
  return { status, body: { sealed: seal.seal(Buffer.from(JSON.stringify(body)), owner).toString('base64') } }
}

function opened(answer: StoredAnswer, owner: string, seal: Sealer): StoredAnswer {
  const { sealed: bytes } = (answer.body ?? {}) as { sealed?: string } // ours, or a problem document, which has none
  if (bytes === undefined) return answer
  return { ...answer, body: JSON.parse(seal.open(Buffer.from(bytes, 'base64'), owner).toString()) }
}

function send(ctx: Context, { status, body }: StoredAnswer): void {
  ctx.status = status
  ctx.body = JSON.stringify(body)
  ctx.type = status < 400 ? 'application/json' : 'application/problem+json'
}
