import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import type { Finding, LintReport } from '../../../api/platform/migrations/lint/lint.js'
import { BaseCommand } from '../../base-command.js'
import { printable } from '../../terminal-text.js'

export default class DbLint extends BaseCommand {
  static override summary = 'Judge the waiting migrations by the size of the tables they touch.'
  static override description =
    'Says what would keep callers waiting or break the release that still runs, and beside it the safe way. Run it against the live database, or anywhere with --rows. Exit 5 where there is a danger that its author has not accepted (`export const accepted = { rule: reason }` in the migration). Writes nothing. docs/database.md lists the rules.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --rows 1000000 --json',
  ]
  static override flags = {
    rows: Flags.integer({
      min: 0,
      max: 1_000_000_000,
      helpValue: 'N',
      summary: 'As though every table had so many rows: in CI, where the database is not the live one.',
    }),
    only: Flags.string({
      multiple: true,
      helpValue: 'NAME',
      summary: 'These migrations, applied or not.',
    }),
  }

  async run(): Promise<LintReport> {
    const { flags } = await this.parse(DbLint)
    const { ownerUrl } = await this.databaseConfig()
    const [{ lintMigrations }, { migrationSource }] = await Promise.all([
      import('../../../api/platform/migrations/lint/lint.js'),
      import('../../../api/platform/migrate.js'),
    ])
    const known = await migrationSource.getMigrations([])
    const strange = flags.only?.find(name => !known.includes(name))
    if (strange !== undefined)
      throw new AppError('not_found', 'db.no_such_migration', `There is no migration ${strange}.`)
    const report = await lintMigrations(ownerUrl, {
      ...(flags.rows !== undefined && { assumedRows: flags.rows }),
      ...(flags.only && { names: flags.only }),
    })
    const dangers = report.findings.filter(({ severity }) => severity === 'danger')
    if (report.findings.length > 0) this.log(report.findings.map(told).join('\n\n'))
    if (dangers.length > 0)
      throw new AppError(
        'invalid',
        'db.dangerous_migration',
        `${dangers.length} ${dangers.length === 1 ? 'danger' : 'dangers'} in ${report.judged.length} waiting migrations.`,
        { ...report },
      )
    this.log(
      report.judged.length === 0 ? 'No migration is waiting.' : `${report.judged.length} judged: no danger.`,
    )
    return report
  }
}

function told(finding: Finding): string {
  const { severity, rule, migration, table, rows, about, inside, statement, why, instead, accepted } = finding
  const size = rows === null ? '' : `, ${rows.toLocaleString('en')} rows`
  const what = [table === null ? '' : `on ${table}${size}`, about ?? '']
    .filter(part => part !== '')
    .join(': ')
  return [
    `${severity.toUpperCase()} ${rule} in ${migration}${what ? ` ${what}` : ''}`,
    ...(statement ? [`  ${inside.map(each => `${each} > `).join('')}${printable(statement)}`] : []),
    `  why: ${why}`,
    accepted === null ? `  instead: ${instead}` : `  accepted: ${accepted}`,
  ].join('\n')
}
