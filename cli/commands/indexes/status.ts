import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import type { IndexFinding, IndexStatus } from '../../../api/platform/indexes/status.js'
import { BaseCommand } from '../../base-command.js'
import { table, when } from '../../table.js'

const BROKEN = new Set(['missing', 'invalid', 'changed'])

export default class IndexesStatus extends BaseCommand {
  static override summary =
    'How every index stands: size, scans, validity; what is missing, unused or double.'
  static override description =
    'Exit 5 where a declared index is missing, invalid or not as declared: `indexes:create` mends that. Unused ones, doubles and foreign keys without an index are named for a person to think about. Writes nothing.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --findings',
    '<%= config.bin %> <%= command.id %> --json',
  ]
  static override flags = {
    findings: Flags.boolean({ summary: 'Only what could be better.' }),
  }

  async run(): Promise<IndexStatus> {
    const { flags } = await this.parse(IndexesStatus)
    const { ownerUrl } = await this.databaseConfig()
    const { indexStatus } = await import('../../../api/platform/indexes/status.js')
    const status = await indexStatus(ownerUrl)
    const { indexes, findings, countedSince } = status
    if (!flags.findings) {
      const rows = indexes.map(({ name, table, bytes, scans, state, isDeclared }) => [
        name,
        table,
        sized(bytes),
        scans.toLocaleString('en'),
        isDeclared || state !== 'valid' ? state : 'of the schema',
      ])
      this.log(await table(['index', 'table', 'size', 'scans', 'state'], rows))
      this.logToStderr(`Scans since ${countedSince ? when(countedSince) : 'the server was made'}.`)
    }
    if (findings.length > 0) this.log(await findingsTable(findings))
    else this.log('Nothing to mend.')
    const broken = findings.filter(({ kind }) => BROKEN.has(kind))
    if (broken.length > 0) {
      const names = broken.map(({ index, kind }) => `${index} is ${kind}`).join(', ')
      throw new AppError('invalid', 'indexes.broken', `${names}: run \`cargoparts indexes:create\`.`, {
        findings: broken,
      })
    }
    return status
  }
}

const findingsTable = (findings: IndexFinding[]) =>
  table(
    ['finding', 'index', 'what', 'then'],
    findings.map(({ kind, index, detail, mend }) => [kind, index, detail, mend]),
  )

function sized(bytes: number): string {
  const kib = bytes / 1_024
  return kib < 1_024 ? `${Math.round(kib)} KiB` : `${(kib / 1_024).toFixed(1)} MiB`
}
