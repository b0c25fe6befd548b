import type { Migration, MigrationSource } from '../../api/platform/migrations/source.js'

/** Migrations that a test writes itself, after all that are shipped. */
export function madeUp(shipped: MigrationSource, own: Record<string, Migration>): MigrationSource {
  return {
    async getMigrations(extensions) {
      return [...(await shipped.getMigrations(extensions)), ...Object.keys(own)]
    },
    getMigrationName: name => name,
    getMigration: async name => own[name] ?? shipped.getMigration(name),
  }
}

/** One that sends these statements, a query each, and takes back by the others. */
export const sending = (
  statements: string[],
  back: string[] = ['select 1; select 1'],
  more: object = {},
): Migration => ({
  async up(db) {
    for (const statement of statements) await db.raw(statement)
  },
  async down(db) {
    for (const statement of back) await db.raw(statement)
  },
  ...more,
})
