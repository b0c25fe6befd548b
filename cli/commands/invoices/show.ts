import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { invoiceReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { table, when } from '../../table.js'

export default class InvoicesShow extends BaseCommand {
  static override summary = 'Show a tax document.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> INV-1001-000001',
    '<%= config.bin %> <%= command.id %> INV-1001-000001 --xml > invoice.xml',
    '<%= config.bin %> <%= command.id %> INV-1001-000001 --qr',
  ]
  static override args = {
    invoice: Args.string({ required: true, description: 'number or id', parse: invoiceReference }),
  }
  static override flags = {
    xml: Flags.boolean({
      default: false,
      summary: 'Print the XML instead, byte for byte as it was issued.',
      exclusive: ['qr'],
    }),
    qr: Flags.boolean({ default: false, summary: 'Draw the QR code instead, for a phone to scan.' }),
  }

  async run() {
    const { args, flags } = await this.parse(InvoicesShow)
    const { services } = await this.context()
    const me = this.operator()
    const [{ presentInvoice }, { toSar }] = await Promise.all([
      import('../../../api/modules/invoices/invoice-presenter.js'),
      import('../../../api/platform/money.js'),
    ])
    const invoice = await services.invoices.named(args.invoice, me)
    if (flags.xml) {
      const xml = await services.invoices.xmlOf(invoice.id, me)
      if (!this.jsonEnabled()) process.stdout.write(xml)
      return { number: invoice.number, xml }
    }
    if (flags.qr) {
      const text = presentInvoice(invoice).qr
      if (text === null)
        throw new AppError(
          'not_found',
          'invoices.no_qr',
          `${invoice.number} states no VAT, and has no QR code.`,
        )
      this.log(await (await import('../../qr-picture.js')).qrPicture(text, Boolean(process.stdout.isTTY)))
      return { number: invoice.number, qr: text }
    }
    const form = invoice.form === null ? '' : ` (${invoice.form.toLowerCase()})`
    const rows: [string, string][] = [
      ['number', `${invoice.number}  ${invoice.kind.toLowerCase().replaceAll('_', ' ')}${form}`],
      ['issued', when(invoice.issuedAt)],
      ['order', invoice.orderNumber],
      ['seller', `${invoice.sellerName}  ${invoice.sellerVat ?? 'not registered for VAT'}`],
      ['buyer', buyer(invoice)],
    ]
    const { seal } = presentInvoice(invoice)
    if (seal)
      rows.push([
        'e-invoice',
        `place ${seal.counter}, ${seal.isSigned ? 'signed' : 'not signed'}, hash ${seal.hash}`,
      ])
    this.log(await table(['', ''], rows))
    this.log(
      await table(
        ['part', 'title', 'quantity', 'net', 'with VAT'],
        invoice.lines.map(line => [
          line.partNumber,
          line.titleEn,
          String(line.quantity),
          toSar(line.netHalalas),
          toSar(line.totalHalalas),
        ]),
      ),
    )
    this.log(
      `net ${toSar(invoice.netHalalas)}  VAT ${toSar(invoice.vatHalalas)}  rounding ${toSar(invoice.roundingHalalas)}  total ${toSar(invoice.totalHalalas)} SAR`,
    )
    return presentInvoice(invoice)
  }
}

type Named = { buyerName: string; buyerCompany: { name: string; vatNumber: string | null } | null }

const buyer = ({ buyerName, buyerCompany: company }: Named): string =>
  company ? `${company.name}  ${company.vatNumber ?? ''}`.trim() : buyerName
