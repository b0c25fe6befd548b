import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'

const STEP_MS = 30_000
/** Where a person's second factor is a person's: the secret belongs in their phone. */
const FOR_PLAY: readonly string[] = ['', 'development', 'test']

export default class DemoCode extends BaseCommand {
  static override summary =
    "Show the code an authenticator app would show for a secret: plays somebody's phone."
  static override description =
    'For development. A code is good once, so the next login within 30 seconds wants --next.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
    '<%= config.bin %> <%= command.id %> --next JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  ]
  static override args = {
    secret: Args.string({ required: true, description: 'the secret, as the enrolment gave it (base32)' }),
  }
  static override flags = {
    next: Flags.boolean({ default: false, summary: 'The code of the next 30 seconds.' }),
  }

  async run(): Promise<{ code: string; secondsLeft: number }> {
    const { args, flags } = await this.parse(DemoCode)
    const { NODE_ENV = '' } = this.env()
    if (!FOR_PLAY.includes(NODE_ENV))
      throw new AppError(
        'forbidden',
        'demo.not_here',
        `This plays a phone in development, not in ${NODE_ENV}.`,
      )
    const { codeAt } = await import('../../../api/modules/second-factor/totp.js')
    const now = Date.now()
    const at = new Date(now + (flags.next ? STEP_MS : 0))
    const code = codeAt(args.secret.replace(/\s/g, '').toUpperCase(), at)
    const secondsLeft = Math.ceil((STEP_MS - (now % STEP_MS)) / 1000) + (flags.next ? STEP_MS / 1000 : 0)
    this.log(code)
    return { code, secondsLeft }
  }
}
