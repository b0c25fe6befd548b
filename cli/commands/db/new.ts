import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import * as Args from '@oclif/core/args'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'

export default class DbNew extends BaseCommand {
  static override summary = 'Write an empty migration, named by the time and what it does.'
  static override description =
    'Into the folder migrations of the checkout in which it is run. Fill in both ways; then `npm run build` and `db:lint`.'
  static override examples = ['<%= config.bin %> <%= command.id %> add_warranty_to_listings']
  static override args = {
    name: Args.string({ required: true, description: 'what it does: small letters and underscores' }),
  }

  async run(): Promise<{ file: string }> {
    const { args } = await this.parse(DbNew)
    if (!/^[a-z]+(_[a-z]+)*$/.test(args.name))
      throw new AppError(
        'invalid',
        'db.bad_name',
        'A migration is called by small letters and underscores: add_warranty.',
      )
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    const file = path.join('migrations', `${stamp}_${args.name}.ts`)
    try {
      await writeFile(file, TEMPLATE, { flag: 'wx' })
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      if (code === 'ENOENT')
        throw new AppError(
          'invalid',
          'db.no_checkout',
          'There is no folder migrations here: run it in the checkout.',
        )
      if (code === 'EEXIST') throw new AppError('conflict', 'db.file_exists', `${file} is there already.`)
      throw cause
    }
    this.log(file)
    return { file }
  }
}

const TEMPLATE = `import type { Knex } from 'knex'

export async function up(db: Knex): Promise<void> {
  await db.raw(\`

  \`)
}

export async function down(db: Knex): Promise<void> {
  await db.raw(\`

  \`)
}
`
