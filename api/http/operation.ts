import type { FileHandle } from 'node:fs/promises'
import type { Context } from 'koa'
import type { ZodType, z } from 'zod'
import type { Actor, Role, Scope } from '../platform/actor.js'
import { ROLES } from '../platform/actor.js'
import type { ErrorKind } from '../platform/errors.js'
import type { LimitClass } from '../platform/rate-limits.js'
import type { Locale } from './locale.js'
import type { UploadLimits } from './upload.js'

/** Who may call: anybody, or those signed in with one of these roles. Whose rows they see is the service's to say. */
export type Access = 'anyone' | readonly Role[]
export const SIGNED_IN: Access = ROLES

type Of<S> = S extends ZodType ? z.output<S> : S extends undefined ? undefined : unknown

export type Input<P, Q, B> = {
  params: Of<P>
  query: Of<Q>
  body: Of<B>
  actor: Actor
  locale: Locale
  /** Names this request under its Idempotency-Key; empty where the operation takes none. */
  idempotencyId: string
  /** The bytes as they came, where `rawBody` asks for them. */
  rawBody: Buffer
  /** The body as a file, where `upload` asks for it. It is closed when the answer is out. */
  upload: FileHandle
  header(name: string): string
  ctx: Context
}

/** One operation of the API: everything that routing, validation, access and the OpenAPI document need to know of it. */
export type Operation<P = unknown, Q = unknown, B = unknown> = {
  id: string
  method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** Below `/api/v1`, parameters as `:id`. */
  path: string
  tag: string
  summary: string
  access: Access
  /** What an API key must be allowed to do to call this; without one, only people may. */
  scope?: Scope
  /** Open to staff who still have to enrol their second factor. */
  whileEnrolling?: boolean
  /** Needs an Operation-Token: see docs/accounts.md. */
  signed?: boolean
  /** How often it may be called: see platform/rate-limits.ts. `api:standard` where nothing is said. */
  limit?: LimitClass
  /** Whose account a stranger tries, where `limit` counts failures by account too. */
  account?: (input: Input<P, Q, B>) => string
  /** What it did is kept elsewhere: an answer that is no failure has its line in the log at `debug` only. */
  isQuiet?: boolean
  /** Never asks who calls, so that a token which ended, or a database which is away, is no hindrance. */
  ignoresToken?: boolean
  params?: P
  query?: Q
  body?: B
  /** The largest JSON body this operation takes, in bytes, where it needs less than the others. */
  bodyLimit?: number
  /** The largest body this operation takes unparsed; its handler checks the bytes itself. */
  rawBody?: number
  /** The types such a body may come as; others are refused. Without them any type is taken. */
  rawTypes?: readonly string[]
  /** Takes a file: its type, and its most bytes. It is kept on disk, so it may be larger than a body. */
  upload?: UploadLimits
  /** Requires an Idempotency-Key; a repeat gets the first answer. */
  idempotent?: boolean
  /** Its answer holds a secret: kept encrypted for a repeat, which must be as signed as the first request was. */
  hasSecret?: boolean
  status?: number
  response?: ZodType
  /** Its answer has an ETag of its content: a client that has it is told so (304) instead of being sent it again. */
  revalidates?: boolean
  /** Where the answer is no JSON document: its type. `response` is then one line of it. */
  responseType?: string
  /** Stable codes of the errors that are this operation's own; their kinds say what status they answer with. */
  errors?: Readonly<Record<string, ErrorKind>>
  handle(input: Input<P, Q, B>): Promise<unknown>
}

/** Declares an operation. A function, because it ties the handler's input to the schemas beside it. */
export function operation<P = undefined, Q = undefined, B = undefined>(spec: Operation<P, Q, B>): Operation {
  // the list of operations forgets the schemas' types; `serve` feeds each handler what its own schemas produced
  return spec as unknown as Operation
}
