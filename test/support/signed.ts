import { createHash } from 'node:crypto'
import type { Account } from './accounts.js'
import type { TestContext } from './context.js'
import type { Answer } from './request.js'

/** An Operation-Token for one POST, for the password. */
export async function operationToken(
  t: TestContext,
  { token, password }: Account,
  path: string,
  body: object,
): Promise<string> {
  const bodySha256 = createHash('sha256').update(JSON.stringify(body)).digest('hex')
  const request = { method: 'POST', path, bodySha256, password }
  const answer = await t.post('/api/v1/auth/operations', { token, body: request })
  if (answer.status !== 201) throw new Error(answer.text)
  return answer.body.token
}

/** The same POST, signed and sent. */
export async function postSigned(
  t: TestContext,
  account: Account,
  path: string,
  body: object,
): Promise<Answer> {
  const operation = await operationToken(t, account, path, body)
  return t.post(path, { token: account.token, body, headers: { 'operation-token': operation } })
}
