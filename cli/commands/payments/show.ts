import { uuidArg } from '../../args.js'
import { BaseCommand } from '../../base-command.js'
import { when } from '../../table.js'
import { printable } from '../../terminal-text.js'

export default class PaymentsShow extends BaseCommand {
  static override summary = 'Show a payment: what our books say, and what the provider says now.'
  static override examples = ['<%= config.bin %> <%= command.id %> 01970000-0000-7000-8000-000000000000']
  static override args = { id: uuidArg({ required: true, description: "the payment's id" }) }

  async run() {
    const { args } = await this.parse(PaymentsShow)
    const { services } = await this.context()
    const [{ presentPayment }, { toSar }, { AppError }] = await Promise.all([
      import('../../../api/modules/payments/payment-presenter.js'),
      import('../../../api/platform/money.js'),
      import('../../../api/platform/errors.js'),
    ])
    const payment = await services.payments.get(args.id, this.operator())
    const seconds = await services.payments.secondCaptures(args.id, this.operator())
    const provider = services.payments.gateway(payment.provider)
    const told = await (payment.externalId === null
      ? provider.findByReference(payment.handle)
      : provider.getPayment(payment.handle)
    ).catch(error => {
      if (error instanceof AppError) return { status: `no answer (${error.code})`, amount: undefined }
      throw error
    })
    const theirs = told
      ? `${told.status}${told.amount === undefined ? '' : `  ${toSar(told.amount)} SAR`}`
      : 'never heard of it'
    this.log(`payment   ${payment.id}  ${payment.provider} ${payment.method}
checkout  ${payment.checkoutId}
amount    ${toSar(payment.amountHalalas)} SAR, sent back ${toSar(payment.refundedHalalas)} SAR
ours      ${payment.status}${payment.failureCode ? `  ${printable(payment.failureCode)}` : ''}
theirs    ${printable(theirs)}
named     ${printable(payment.externalId ?? '-')}${payment.captureId && payment.captureId !== payment.externalId ? `, money ${printable(payment.captureId)}` : ''}
begun     ${when(payment.createdAt)}, page until ${when(payment.expiresAt)}
captured  ${when(payment.capturedAt)}`)
    for (const { captureId, status, failureCode, createdAt } of seconds)
      this.log(`again     ${printable(`${captureId}  ${toSar(payment.amountHalalas)} SAR`)}
          seen ${when(createdAt)}, its refund is ${status}${failureCode ? `: ${printable(failureCode)}` : ''}`)
    return {
      payment: presentPayment(payment),
      externalId: payment.externalId,
      captureId: payment.captureId,
      theirs: told?.status ?? null,
      secondCaptures: seconds.map(({ id, captureId, status, failureCode }) => ({
        ...{ refundId: id, captureId, status, failureCode },
      })),
    }
  }
}
