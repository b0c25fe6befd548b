import { createHash, randomUUID } from 'node:crypto'
import { expect } from 'chai'
import type { Account, Who } from './accounts.js'
import type { TestContext } from './context.js'
import type { Answer } from './request.js'

export type Critical = { method: string; path: string; raw?: string }

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** The Operation-Token for one request, as a client gets it: by showing the password again. */
export async function operationToken(
  t: TestContext,
  { token, password }: Account,
  { method, path, raw = '' }: Critical,
): Promise<string> {
  const body = { method, path, bodySha256: sha256(raw), password }
  const answer = await t.post('/api/v1/auth/operations', { token, body })
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body.token
}

/** The same for a POST, signed and sent. */
export async function postSigned(
  t: TestContext,
  account: Account,
  path: string,
  body: object,
): Promise<Answer> {
  const raw = JSON.stringify(body)
  const operation = await operationToken(t, account, { method: 'POST', path, raw })
  return t.post(path, { token: account.token, body, headers: { 'operation-token': operation } })
}

export const KEYS = '/api/v1/api-keys'

/** A seller's key, made as their own client makes it. */
export async function makeKey(
  t: TestContext,
  account: Account,
  fields: Record<string, unknown>,
  { key = randomUUID() as string, operation }: { key?: string; operation?: string } = {},
): Promise<Answer> {
  const raw = JSON.stringify(fields)
  const signed = operation ?? (await operationToken(t, account, { method: 'POST', path: KEYS, raw }))
  return t.post(KEYS, {
    token: account.token,
    raw,
    key,
    headers: { 'content-type': 'application/json', 'operation-token': signed },
  })
}

export const WAREHOUSE = { name: 'warehouse', scopes: ['listings:read'] }
let serial = 0

/** A shop of its own with a key for one of its systems. */
export async function shopWithKey(t: TestContext, fields: object = WAREHOUSE) {
  const who: Who = `seller:key-${++serial}`
  await t.accounts.shop(who)
  const account = await t.accounts.account(who)
  const made = await makeKey(t, account, { ...fields })
  expect(made.status, made.text).to.equal(201)
  return { who, account, ...(made.body as { id: string; key: string; prefix: string }) }
}

/** What the security log holds under a name. */
export const eventsOf = (t: TestContext, name: string) =>
  t.log
    .of('security')
    .map(({ fields }) => fields)
    .filter(fields => fields.name === name)
