import type { Manifest } from '../api/platform/backup/backup.js'
import type { Check } from '../api/platform/backup/check.js'
import { AppError } from '../api/platform/errors.js'
import { table } from './table.js'

/** Looks the whole database over, schema and books. Reads only. */
export async function verify(ownerUrl: string, manifest: Manifest | null): Promise<Check[]> {
  const [{ checkSchema }, { checkData }, { createDatabase }] = await Promise.all([
    import('../api/platform/backup/schema-checks.js'),
    import('../api/modules/health/data-checks.js'),
    import('../api/platform/database.js'),
  ])
  const schema = await checkSchema(ownerUrl, manifest)
  const db = createDatabase({
    url: ownerUrl,
    application: 'cargoparts-verify',
    poolMin: 0,
    poolMax: 1,
    acquireMs: 20_000,
    statementMs: 600_000,
  })
  try {
    return [...schema, ...(await checkData(db))]
  } finally {
    await db.destroy()
  }
}

export const checksTable = (checks: Check[]): Promise<string> =>
  table(
    ['check', '', 'found'],
    checks.map(({ name, isGood, detail }) => [name, isGood ? 'good' : 'BAD', detail]),
  )

/** Exit 5 where something is not as it must be. */
export function assertSound(checks: Check[]): void {
  const bad = checks.filter(({ isGood }) => !isGood)
  if (bad.length === 0) return
  const names = bad.map(({ name }) => name).join(', ')
  throw new AppError('invalid', 'db.unsound', `Not as it must be: ${names}.`, { checks })
}
