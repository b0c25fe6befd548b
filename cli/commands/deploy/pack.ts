import path from 'node:path'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'
import type { Packed } from '../../deploy/pack.js'

export default class DeployPack extends BaseCommand {
  static override summary =
    'Check, build and pack this checkout: an artefact that cargoparts deploy takes by its commit id.'
  static override description =
    'Runs lint, type-check, test:unit and test:integration, builds, and writes cargoparts-VERSION-COMMIT.tgz with its ' +
    'checksum beside it. The same commit, built with the same tools, gives the same bytes.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --out /srv/cargoparts/artefacts',
  ]
  static override flags = {
    out: Flags.string({ helpValue: 'FOLDER', default: 'artefacts', summary: 'Where to put it.' }),
    commit: Flags.string({
      helpValue: 'ID',
      summary: 'What it is built from, where this is no git checkout.',
    }),
    'skip-checks': Flags.boolean({
      summary: 'Pack it untested; a deploy refuses it unless told otherwise.',
      dependsOn: ['reason'],
    }),
    reason: Flags.string({
      helpValue: 'TEXT',
      summary: 'Why the checks are skipped: it stands in the artefact.',
    }),
  }

  async run(): Promise<Packed> {
    const { flags } = await this.parse(DeployPack)
    if (flags.commit !== undefined && !/^[0-9a-f]{7,64}$/.test(flags.commit))
      throw new AppError('invalid', 'deploy.bad_commit', '--commit takes 7 to 64 hexadecimal digits.')
    const { packCheckout } = await import('../../deploy/pack-checkout.js')
    const packed = await packCheckout({
      source: process.cwd(),
      into: path.resolve(flags.out),
      commit: flags.commit,
      isChecked: !flags['skip-checks'],
      reason: flags.reason ?? null,
      env: this.env(),
      write: line => this.logToStderr(line),
    })
    this.log(packed.file)
    return packed
  }
}
