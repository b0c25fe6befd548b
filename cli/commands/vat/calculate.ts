import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import { AppError } from '../../../api/platform/errors.js'
import { BaseCommand } from '../../base-command.js'

const RATES: Record<string, number> = { '15': 1500, '5': 500, '0': 0 }

export default class VatCalculate extends BaseCommand {
  static override summary = 'Calculate VAT, to the halala.'
  static override description =
    'From an amount without VAT, or from a shelf price with --inclusive. Rounded half up, as ZATCA does. A shelf price that no whole halalas of net and VAT make up shows the difference, which an invoice states as rounding.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> 100',
    '<%= config.bin %> <%= command.id %> 1,150.50 --inclusive',
    '<%= config.bin %> <%= command.id %> 4.30 --inclusive --json',
  ]
  static override args = {
    amount: Args.string({ required: true, description: 'riyals, such as 1150.50' }),
  }
  static override flags = {
    inclusive: Flags.boolean({ char: 'i', default: false, summary: 'The amount has the VAT in it.' }),
    rate: Flags.option({ options: ['15', '5', '0'] as const, default: '15', summary: 'Per cent.' })(),
  }

  async run() {
    const { args, flags } = await this.parse(VatCalculate)
    const [{ vatInside, vatOnTop }, { money, readSar, toSar }, { table }] = await Promise.all([
      import('../../../api/modules/invoices/zatca/calculate.js'),
      import('../../../api/platform/money.js'),
      import('../../table.js'),
    ])
    const amount = readSar(args.amount)
    if (amount === undefined) throw badAmount(args.amount)
    const { net, vat, rounding, total } = (flags.inclusive ? vatInside : vatOnTop)(
      amount,
      RATES[flags.rate] as number,
    )
    this.log(
      await table(
        ['', 'SAR'],
        [
          ['net', toSar(net)],
          [`VAT ${flags.rate} %`, toSar(vat)],
          ...(flags.inclusive ? [['rounding', toSar(rounding)]] : []),
          ['total', toSar(total)],
        ],
      ),
    )
    return {
      ratePercent: Number(flags.rate),
      net: money(net),
      vat: money(vat),
      rounding: money(rounding),
      total: money(total),
    }
  }
}

const badAmount = (text: string) =>
  new AppError('invalid', 'cli.bad_amount', `${text} is no amount: write riyals such as 1150 or 1150.50.`)
