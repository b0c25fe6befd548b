import { createDatabase } from '../api/platform/database.js'
import { userId } from './demo/users.js'
import { demoAccounts } from './demo-accounts.js'

export type Accounts = { demo: number; others: number }

/** Who has an account in a database: the demo's people, whose password everybody knows, or real ones. */
export async function accountsIn(ownerUrl: string): Promise<Accounts> {
  const demo = demoAccounts.map(({ email }) => userId(email))
  const settings = { poolMin: 0, poolMax: 1, acquireMs: 20_000, statementMs: 60_000 }
  const db = createDatabase({ url: ownerUrl, application: 'cargoparts-seed', ...settings })
  try {
    const count = async (isDemo: boolean) => {
      const users = db('users')
      const rows = isDemo ? users.whereIn('id', demo) : users.whereNotIn('id', demo)
      return Number((await rows.count({ count: '*' }).first())?.count ?? 0)
    }
    return { demo: await count(true), others: await count(false) }
  } finally {
    await db.destroy()
  }
}
