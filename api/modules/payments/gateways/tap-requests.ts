import { toSar } from '../../../platform/money.js'
import type { Method, NewCapture, NewPayment } from './gateway.js'

const SOURCES: Record<Method, string> = {
  card: 'src_card',
  mada: 'src_sa.mada',
  apple_pay: 'src_apple_pay',
  stc_pay: 'src_sa.stcpay',
}

/** A charge or an authorize: the two ask for the same fields. */
export function paymentBody(request: NewPayment) {
  const label = request.orderNumbers.join(' ').slice(0, 99)
  const phone = mobileOf(request.customer)
  return {
    amount: Number(toSar(request.amount)), // decimal on the wire; toSar wrote the digits, so nothing is computed in floats
    currency: 'SAR',
    customer_initiated: true,
    threeDSecure: true,
    save_card: false,
    description: `CargoParts ${label}`,
    reference: { transaction: request.reference, order: label, idempotent: request.reference },
    customer: customerOf(request.customer),
    source: {
      id: SOURCES[request.method],
      ...(request.method === 'stc_pay' && phone ? { phone } : {}),
    },
    post: { url: request.webhookUrl },
    redirect: { url: request.returnUrl },
    transaction: { expiry: { period: request.minutes, type: 'MINUTE' } },
  }
}

/** Taking what an authorize reserved is a charge too, whose source is the authorize. */
export function captureBody({ reference, externalId, amount, customer, webhookUrl }: NewCapture) {
  return {
    amount: Number(toSar(amount)),
    currency: 'SAR',
    description: 'CargoParts',
    reference: { transaction: reference, idempotent: `${reference}-capture` },
    customer: customerOf(customer),
    source: { id: externalId },
    post: { url: webhookUrl },
  }
}

function customerOf(customer: NewPayment['customer']) {
  const phone = mobileOf(customer)
  return {
    first_name: customer.name.slice(0, 60),
    email: customer.email,
    ...(phone ? { phone } : {}),
  }
}

function mobileOf({ phone }: NewPayment['customer']) {
  const number = /^\+966(5\d{8})$/.exec(phone ?? '')?.[1]
  return number === undefined ? undefined : { country_code: '966', number }
}
