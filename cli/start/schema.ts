import type { DatabaseUrls } from './database.js'
import type { Stage } from './stage.js'

/** Says whether the schema is new, so that nothing may use it before it is filled. */
export async function migrate({ step }: Stage, urls: DatabaseUrls): Promise<{ isNew: boolean }> {
  const work = async () => {
    const { migrateUp, servingRoleOf } = await import('../../api/platform/migrate.js')
    return migrateUp(urls.owner, servingRoleOf(urls.serving, urls.owner))
  }
  const names = await step('Migrations', work, names =>
    names.length === 0 ? 'up to date' : `${names.length} applied`,
  )
  return { isNew: names.length > 0 }
}

/** Indexes and data; both may run again and then change nothing. Says whether the demo's people are there. */
export async function fill({ env, step }: Stage, urls: DatabaseUrls): Promise<{ hasDemo: boolean }> {
  const index = async () => {
    const { createIndexes } = await import('../../api/platform/indexes.js')
    return createIndexes(urls.owner)
  }
  const seed = async () => {
    const [{ seedAll }, { accountsIn }] = await Promise.all([
      import('../../seeds/index.js'),
      import('../../seeds/whose.js'),
    ])
    // Everybody knows the demo's password: no account with it in a database where real people have theirs.
    const found = env.DATABASE_URL ? await accountsIn(urls.owner) : { demo: 0, others: 0 }
    const demo = found.others === 0
    const added = await seedAll(urls.owner, { demo, environment: env.NODE_ENV || 'development' })
    return { added, demo, hasDemo: demo || found.demo > 0 }
  }
  await step('Indexes', index, ({ built, rebuilt, present }) => {
    const made = built.length + rebuilt.length
    return made === 0 ? `${present.length} in place` : `${made} built`
  })
  const { hasDemo } = await step('Seeds', seed, ({ added, demo }) => {
    const rows = Object.values(added).reduce((sum, count) => sum + count, 0)
    const told = rows === 0 ? 'already there' : `${rows} rows`
    return demo ? told : `${told}; no demo data: DATABASE_URL holds accounts of others`
  })
  return { hasDemo }
}
