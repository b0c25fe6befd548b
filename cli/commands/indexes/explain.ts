import * as Args from '@oclif/core/args'
import { AppError } from '../../../api/platform/errors.js'
import type { Explained } from '../../../api/platform/indexes/explain.js'
import { BaseCommand } from '../../base-command.js'
import { table } from '../../table.js'

export default class IndexesExplain extends BaseCommand {
  static override summary =
    'Show that each declared query is answered by its index, by PostgreSQL’s own plan.'
  static override description =
    'Plans are those of prepared statements, for any values; nothing is run. With a name: its query, its plan and why it is there. Exit 5 where a plan passes an index by that is declared for it, on a table large enough to tell.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> idx_orders_hold',
  ]
  static override args = { index: Args.string({ description: 'one of the declared indexes' }) }

  async run(): Promise<Explained[]> {
    const { args } = await this.parse(IndexesExplain)
    const { ownerUrl } = await this.databaseConfig()
    const [{ explainIndexes }, { INDEXES }] = await Promise.all([
      import('../../../api/platform/indexes/explain.js'),
      import('../../../api/platform/indexes.js'),
    ])
    const spec = INDEXES.find(({ name }) => name === args.index)
    if (args.index !== undefined && !spec)
      throw new AppError('not_found', 'indexes.not_found', `No index is declared as ${args.index}.`)
    const explained = await explainIndexes(ownerUrl, spec && [spec.name])
    if (spec && explained[0]) this.tellOne(spec, explained[0])
    else
      this.log(
        await table(
          ['index', 'verdict', 'reads', 'asked by'],
          explained.map(({ name, verdict, reads, asked }) => [name, verdict, reads.join(', ') || '-', asked]),
        ),
      )
    const passedBy = explained.filter(({ verdict }) => verdict === 'not used').map(({ name }) => name)
    if (passedBy.length > 0)
      throw new AppError(
        'invalid',
        'indexes.not_used',
        `The plan of its own query passes it by: ${passedBy.join(', ')}.`,
        { explained: explained.filter(({ verdict }) => verdict === 'not used') },
      )
    return explained
  }

  private tellOne(spec: { name: string; table: string; on: string; why: string }, found: Explained): void {
    this.log(`${spec.name} on ${spec.table} ${spec.on}`)
    this.log(`asked by  ${found.asked}`)
    this.log(`why       ${spec.why}`)
    this.log(`query     ${found.query}`)
    this.log(`plan      ${found.plan.join('\n          ') || '-'}`)
    this.log(`verdict   ${found.verdict}`)
  }
}
