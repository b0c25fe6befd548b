import { codeAt } from '../../api/modules/second-factor/totp.js'
import type { Account } from './accounts.js'
import type { TestContext } from './context.js'

export type Enrolled = {
  secret: string
  recoveryCodes: string[]
  /** The code the app shows now, or so many steps of 30 s from now. */
  code(steps?: number): string
}

/** A person's authenticator app, enrolled over the API as they would. */
export async function enrolled(t: TestContext, account: Account): Promise<Enrolled> {
  const begun = await t.post('/api/v1/auth/second-factor', {
    token: account.token,
    body: { password: account.password },
  })
  if (begun.status !== 201) throw new Error(begun.text)
  const { secret } = begun.body
  const code = (steps = 0) => codeAt(secret, new Date(t.clock.now().getTime() + steps * 30_000))
  const confirmed = await t.post('/api/v1/auth/second-factor/confirm', {
    token: account.token,
    body: { code: code() },
  })
  if (confirmed.status !== 200) throw new Error(confirmed.text)
  t.clock.advance(30_000) // the code of this step is spent
  return { secret, recoveryCodes: confirmed.body.recoveryCodes, code }
}
