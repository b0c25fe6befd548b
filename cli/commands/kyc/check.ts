import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import type { CheckKind } from '../../../api/platform/saudi/check.js'
import { BaseCommand } from '../../base-command.js'

const KINDS = [
  'mobile',
  'national-id',
  'cr',
  'vat',
  'iban',
  'address',
] as const satisfies readonly CheckKind[]

export default class KycCheck extends BaseCommand {
  static override summary = 'Judge a Saudi identifier or address by its form. Exit 5 when it is wrong.'
  static override description =
    'Asks nobody: what is right by its form is not thereby registered, or whose one thinks. Arabic digits and the usual separators are understood.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> national-id 1058529940',
    '<%= config.bin %> <%= command.id %> iban "SA03 8000 0000 6080 1016 7519" --language ar',
    '<%= config.bin %> <%= command.id %> address "8228 King Fahd Road, Al Olaya, Riyadh 12214-2121"',
  ]
  static override args = {
    kind: Args.string({ required: true, options: [...KINDS], description: 'what it is' }),
    value: Args.string({ required: true, description: 'as it was typed or printed' }),
  }
  static override flags = {
    language: Flags.option({ options: ['en', 'ar'] as const, default: 'en', summary: 'Of the words.' })(),
  }

  async run() {
    const { args, flags } = await this.parse(KycCheck)
    const { checkValue } = await import('../../../api/platform/saudi/check.js')
    const kind = args.kind as CheckKind // oclif lets no other through
    const { isValid, value, problem, words } = checkValue(kind, args.value)
    const text = words[flags.language]
    if (!isValid) {
      const code = 'kyc.not_valid'
      throw new AppError('invalid', code, `${args.value} ${text}.`, { checked: kind, problem, words })
    }
    this.log(`${value} ${text}.`)
    return { kind, isValid, value, words }
  }
}
