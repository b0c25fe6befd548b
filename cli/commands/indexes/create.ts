import { BaseCommand } from '../../base-command.js'

export default class IndexesCreate extends BaseCommand {
  static override summary = 'Build the production indexes that are missing, without blocking writes.'
  static override description =
    'CREATE INDEX CONCURRENTLY, one by one. May be interrupted and repeated: an invalid left-over is dropped and rebuilt.'
  static override examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<{ built: string[]; rebuilt: string[]; present: string[] }> {
    await this.parse(IndexesCreate)
    const { ownerUrl } = await this.databaseConfig()
    const { createIndexes } = await import('../../../api/platform/indexes.js')
    const done = await createIndexes(ownerUrl, line => this.logToStderr(line))
    this.log(
      `${done.built.length} built, ${done.rebuilt.length} rebuilt, ${done.present.length} present already.`,
    )
    return done
  }
}
