import type { FileHandle } from 'node:fs/promises'
import type { Context } from 'koa'
import { type ZodType, z } from 'zod'
import type { Actor } from '../platform/actor.js'
import { BODY_LIMIT, checkType, type Incoming, parseJson, readBytes } from './body.js'
import type { Locale } from './locale.js'
import type { Input, Operation } from './operation.js'
import { parse } from './parse.js'
import { readUpload } from './upload.js'
import { checkValues } from './values.js'

const NO_BYTES = Buffer.alloc(0)

/** What a handler gets: path, query and body, each read within its bounds and through its schema. */
export async function readInput(
  op: Operation,
  ctx: Context,
  actor: Actor,
  locale: Locale,
): Promise<Input<unknown, unknown, unknown>> {
  const incoming = incomingOf(ctx, op.rawBody === undefined ? op.method !== 'get' : op.rawTypes !== undefined)
  if (ctx.querystring !== '') {
    checkQueryBytes(ctx.querystring)
    checkValues(ctx.query, '?')
  }
  checkValues(ctx.params, ':')
  const params = op.params ? parse(op.params as ZodType, ctx.params, ':', locale) : undefined
  const query = op.query ? parse(op.query as ZodType, { ...ctx.query }, '?', locale) : undefined
  if (op.body) checkType(incoming, 'application/json')
  if (op.rawTypes) checkType(incoming, op.rawTypes)
  const rawBody = mayHaveBody(op)
    ? await readBytes(incoming, op.rawBody ?? op.bodyLimit ?? BODY_LIMIT)
    : NO_BYTES
  if (!op.body && op.rawBody === undefined && rawBody.length > 0) refuseFields(incoming, rawBody, locale)
  return {
    params,
    query,
    rawBody,
    body: op.body ? parse(op.body as ZodType, parseJson(rawBody), '#', locale) : undefined,
    // who asks for no upload is given none; the type says so only to those who do
    upload: (op.upload ? await readUpload(incoming, op.upload) : undefined) as FileHandle,
    actor,
    locale,
    idempotencyId: '',
    header: name => ctx.get(name),
    ctx,
  }
}

/** The type is looked into only where one is asked for: that is dearer than all the rest of a GET. */
function incomingOf(ctx: Context, isTyped: boolean): Incoming {
  const { req } = ctx
  const { length } = ctx.request
  if (!isTyped) return { req, length, type: '', charset: '' }
  return {
    ...{ req, length },
    type: ctx.is('json') ? 'application/json' : ctx.request.type,
    // koa finds it by an error that it catches where there is no type
    charset: ctx.get('content-type') === '' ? '' : ctx.request.charset,
  }
}

/** A file is read as one; a GET brings nothing. */
const mayHaveBody = (op: Operation): boolean => !op.upload && op.method !== 'get'

const NoFields = z.strictObject({})

/** Where an operation takes no fields: what somebody sent with it would be lost without a word. */
function refuseFields(incoming: Incoming, bytes: Buffer, locale: Locale): void {
  checkType(incoming, 'application/json')
  parse(NoFields, parseJson(bytes), '#', locale)
}

/** node puts a replacement character for bytes that are no UTF-8; decodeURIComponent refuses them, as the path does. */
function checkQueryBytes(query: string): void {
  for (const [bytes] of query.matchAll(/(?:%[0-9a-f]{2})+/gi)) decodeURIComponent(bytes)
}
