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

/** Indexes and data; both may run again and then change nothing. */
export async function fill({ env, step }: Stage, urls: DatabaseUrls): Promise<void> {
  const index = async () => {
    const { createIndexes } = await import('../../api/platform/indexes.js')
    return createIndexes(urls.owner)
  }
  const seed = async () => {
    const { seedAll } = await import('../../seeds/index.js')
    return seedAll(urls.owner, { demo: true, environment: env.NODE_ENV || 'development' })
  }
  await step('Indexes', index, ({ built, rebuilt, present }) => {
    const made = built.length + rebuilt.length
    return made === 0 ? `${present.length} in place` : `${made} built`
  })
  await step('Seeds', seed, counts => {
    const rows = Object.values(counts).reduce((sum, count) => sum + count, 0)
    return rows === 0 ? 'already there' : `${rows} rows`
  })
}
