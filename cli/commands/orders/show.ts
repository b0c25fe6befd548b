import * as Args from '@oclif/core/args'
import { orderReference } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { table, when } from '../../table.js'

export default class OrdersShow extends BaseCommand {
  static override summary = 'Show an order with its lines, payments and documents.'
  static override examples = [
    '<%= config.bin %> <%= command.id %> CP-1000001',
    '<%= config.bin %> <%= command.id %> CP-1000001 --json',
  ]
  static override args = {
    order: Args.string({
      required: true,
      description: 'id or number',
      parse: orderReference,
    }),
  }

  async run() {
    const { args } = await this.parse(OrdersShow)
    const { services } = await this.context()
    const [{ presentOrder }, { presentPayment }, { toSar }] = await Promise.all([
      import('../../../api/modules/orders/order-presenter.js'),
      import('../../../api/modules/payments/payment-presenter.js'),
      import('../../../api/platform/money.js'),
    ])
    const me = this.operator()
    const order = await services.orders.get(args.order, me)
    const [payments, invoices] = await Promise.all([
      services.payments.ofCheckout(order.checkoutId, me),
      services.invoices.ofOrder(order.id, me),
    ])
    this.log(
      `${order.number}  ${order.status}  placed ${when(order.createdAt)}${order.paidAt ? `, paid ${when(order.paidAt)}` : ''}`,
    )
    this.log(
      await table(
        ['part', 'title', 'quantity', 'SAR'],
        (order.items ?? []).map(item => [
          item.partNumber,
          item.titleEn,
          String(item.quantity),
          toSar(item.totalHalalas),
        ]),
      ),
    )
    this.log(
      `net ${toSar(order.netHalalas)}  VAT ${toSar(order.vatHalalas)}  total ${toSar(order.totalHalalas)} SAR`,
    )
    for (const payment of payments)
      this.log(
        `payment ${payment.id}  ${payment.provider}  ${payment.status}  ${toSar(payment.amountHalalas)} SAR`,
      )
    for (const invoice of invoices)
      this.log(`${invoice.number}  ${when(invoice.issuedAt)}  ${toSar(invoice.totalHalalas)} SAR`)
    return {
      order: presentOrder(order, me),
      payments: payments.map(presentPayment),
      invoices: invoices.map(({ id, kind, number, issuedAt }) => ({
        id,
        kind,
        number,
        issuedAt: issuedAt.toISOString(),
      })),
    }
  }
}
