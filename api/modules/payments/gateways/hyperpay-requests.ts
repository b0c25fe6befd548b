import type { NewPayment } from './gateway.js'

/** What a checkout is prepared with. `amount` is written as HyperPay wants it. */
export function checkoutForm(
  { reference, authorizeOnly, orderNumbers, customer, billing }: NewPayment,
  amount: string,
): Record<string, string> {
  const [first = '', ...rest] = customer.name.trim().split(/\s+/)
  return {
    amount,
    currency: 'SAR',
    paymentType: authorizeOnly ? 'PA' : 'DB',
    merchantTransactionId: reference,
    merchantInvoiceId: orderNumbers.join(' ').slice(0, 255),
    integrity: 'true',
    'customer.email': customer.email,
    'customer.givenName': first.slice(0, 48),
    'customer.surname': (rest.join(' ') || first).slice(0, 48),
    ...(customer.phone ? { 'customer.mobile': customer.phone } : {}),
    'billing.street1': billing.street.slice(0, 100),
    'billing.city': billing.city.slice(0, 80),
    'billing.state': billing.city.slice(0, 50),
    'billing.postcode': billing.postalCode.slice(0, 16),
    'billing.country': 'SA',
  }
}
