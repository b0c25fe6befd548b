import * as Flags from '@oclif/core/flags'
import type { Settings } from '../../deploy/supervisor/folder.js'
import { DeployCommand } from '../../deploy-command.js'

export default class DeploySetup extends DeployCommand {
  static override summary = 'Make a deploy folder: where releases, their environment and the supervisor live.'
  static override description =
    'May be repeated: it writes what is missing, changes the settings that are named, and brings the supervisor in the ' +
    'folder up to this release (it is used from its next start on).'
  static override examples = [
    '<%= config.bin %> <%= command.id %> --root /srv/cargoparts --port 3000 --api 2 --workers 1',
  ]
  static override flags = {
    port: Flags.integer({ min: 0, max: 65_535, summary: 'Where clients come in. 3000 by default.' }),
    host: Flags.string({ helpValue: 'ADDRESS', summary: '0.0.0.0 by default.' }),
    api: Flags.integer({ min: 1, max: 64, summary: 'How many API processes. 2 by default.' }),
    workers: Flags.integer({ min: 0, max: 64, summary: 'How many workers. 1 by default.' }),
    target: Flags.option({ options: ['processes', 'compose'] as const })({
      summary:
        'Where releases run: processes of this machine (the default), or containers of docker compose.',
    }),
    manager: Flags.option({ options: ['none', 'pm2'] as const })({
      summary:
        'Who keeps the supervisor: pm2 where you have it, or none (systemd, or the first deploy, starts it).',
    }),
    keep: Flags.integer({ min: 2, max: 50, summary: 'How many releases are kept. 5 by default.' }),
    'drain-seconds': Flags.integer({
      min: 0,
      max: 30,
      summary: 'How long the release before may keep its connections. 30 by default.',
    }),
    'ready-seconds': Flags.integer({
      min: 1,
      max: 600,
      summary: 'How long a new release may take. 30 by default.',
    }),
  }

  async run(): Promise<{ root: string; settings: Settings; environment: string; unit: string }> {
    const { flags } = await this.parse(DeploySetup)
    const { setUp } = await import('../../deploy/set-up.js')
    const done = setUp(this.rootOf(flags.root), {
      port: flags.port,
      host: flags.host,
      api: flags.api,
      workers: flags.workers,
      keep: flags.keep,
      manager: flags.manager,
      target: flags.target,
      drainSeconds: flags['drain-seconds'],
      readySeconds: flags['ready-seconds'],
    })
    this.log(
      [
        `${done.root} is ready for releases.`,
        `  1. Put the production environment into ${done.environment}.`,
        `  2. With systemd, so that it starts with the machine: sudo systemctl enable --now ${done.unit}`,
        '  3. cargoparts deploy ARTEFACT.tgz',
      ].join('\n'),
    )
    return done
  }
}
