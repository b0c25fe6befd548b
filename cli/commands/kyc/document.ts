import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { sellerReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { refusedFile } from '../../refused-file.js'

const KINDS = ['COMMERCIAL_REGISTRATION', 'VAT_CERTIFICATE', 'NATIONAL_ID', 'BANK_LETTER'] as const

export default class KycDocument extends BaseCommand {
  static override summary = "Put a document into a seller's file, in place of the one of its kind."
  static override examples = [
    '<%= config.bin %> <%= command.id %> 1010456789 NATIONAL_ID id.jpg --number 1058529940 --issued 1445-02-10 --ends 1450-02-10',
    '<%= config.bin %> <%= command.id %> 1010456789 BANK_LETTER letter.pdf --number SA0380000000608010167519 --issued 2025-10-01',
  ]
  static override args = {
    seller: Args.string({ required: true, description: 'CR number or id', parse: sellerReference }),
    kind: Args.string({ required: true, options: [...KINDS], description: 'what it is' }),
    file: Args.string({ required: true, description: 'a JPEG, PNG, WebP or PDF of up to 10 MB' }),
  }
  static override flags = {
    number: Flags.string({ required: true, helpValue: 'NUMBER', summary: 'That it shows.' }),
    issued: Flags.string({
      required: true,
      helpValue: 'DAY',
      summary: 'Gregorian or Hijri: 2026-03-01 or 1447-09-12.',
    }),
    ends: Flags.string({ helpValue: 'DAY', summary: 'Its last day, where it has one.' }),
  }

  async run() {
    const { args, flags } = await this.parse(KycDocument)
    const [{ parse }, { AttachDocument }, { presentKyc }, { shownOf, bothCalendars }] = await Promise.all([
      import('../../../api/http/parse.js'),
      import('../../../api/modules/kyc/kyc-schemas.js'),
      import('../../../api/modules/kyc/kyc-presenter.js'),
      import('../../kyc/show.js'),
    ])
    const facts = {
      kind: args.kind,
      number: flags.number,
      issuedOn: flags.issued,
      expiresOn: flags.ends ?? null,
    }
    // its words first: a file is not taken in for a document that cannot be
    const NO_FILE = '00000000-0000-7000-8000-000000000000'
    const paper = parse(AttachDocument, { ...facts, fileId: NO_FILE }, '#', 'en')
    const bytes = await bytesOf(args.file)
    const { services } = await this.context()
    const [whose, me] = [{ seller: args.seller }, this.operator()]
    const { id: fileId } = await services.kycPapers.takeFile(
      whose,
      { bytes, name: path.basename(args.file) },
      me,
    )
    const file = await services.kycPapers.attach(whose, { ...paper, fileId }, me)
    const shown = shownOf(services, file)
    this.log(
      `${args.kind} of ${file.profile.tradeName}: issued ${await bothCalendars(paper.issuedOn)}, ends ${await bothCalendars(paper.expiresOn)}.`,
    )
    if (shown.missing.length > 0) this.log(`missing: ${shown.missing.join(', ')}`)
    return presentKyc(shown)
  }
}

/** Its size is looked at before it is read: a device has no end, and a film does not fit into the memory. */
async function bytesOf(file: string): Promise<Buffer> {
  const { MOST_FILE_BYTES } = await import('../../../api/platform/saudi/file-kind.js')
  try {
    const about = await stat(file)
    if (!about.isFile()) throw refused(`${file} is no file.`, file)
    if (about.size > MOST_FILE_BYTES) throw refused(`${file} may have at most 10 MB.`, file)
    return await readFile(file)
  } catch (error) {
    throw refusedFile(error, file, 'read') ?? error
  }
}

const refused = (message: string, file: string) =>
  new AppError('invalid', 'cli.cannot_read', message, { file })
