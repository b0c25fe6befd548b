import type { Context } from 'koa'
import { AppError } from '../platform/errors.js'

export type Credentials = { kind: 'none' } | { kind: 'token' | 'key'; value: string }

const BEARER = /^Bearer ([\w.-]{1,2000})$/i
/** More of an API key than the first digits, which are no secret. */
const KEY = /cp_[0-9a-f]{20}/i
/** A key where a token belongs, alone or behind `Bearer`; a token's own characters may hold `cp_` too. */
const KEY_ALONE = /(?:^|[\s:=,"'])cp_/i
const KEY_NAME = /^(x[-_]?)?api[-_]?key$/i

/**
 * What a request shows of who sends it: a token, or an API key, never both. A key is taken from its own header only:
 * addresses are written into logs on the way, and whoever looks for tokens there would not look for keys.
 */
export function credentialsOf(ctx: Context): Credentials {
  const authorization = ctx.get('authorization')
  const key = ctx.get('x-api-key')
  if (isKeyInQuery(ctx.query))
    throw misplaced('an address: whoever may have seen it has the key, so revoke it')
  if (KEY_ALONE.test(authorization)) throw misplaced('Authorization')
  if (authorization !== '' && key !== '') throw twoCredentials()
  if (key !== '') return { kind: 'key', value: key }
  if (authorization === '') return { kind: 'none' }
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) throw noToken()
  return { kind: 'token', value: token }
}

const isKeyInQuery = (query: Context['query']): boolean =>
  Object.entries(query).some(
    ([name, value]) =>
      KEY_NAME.test(name) || KEY.test(name) || [value].flat().some(text => KEY.test(text ?? '')),
  )

const misplaced = (where: string) =>
  new AppError(
    'unauthenticated',
    'auth.key_misplaced',
    `Send an API key in the header X-API-Key only, not in ${where}.`,
  )
const twoCredentials = () =>
  new AppError('unauthenticated', 'auth.two_credentials', 'Send either a token or an API key, not both.')
const noToken = () =>
  new AppError('unauthenticated', 'auth.bad_token', 'Send the token as: Authorization: Bearer …')
