/** What HyperPay (OPPWA) answers with. Field names are HyperPay's. */
export type Result = { code: string; description: string }
export type PaymentType = 'DB' | 'PA' | 'CP' | 'RF' | 'RV'

/** Prepared by the shop, paid by its customer within thirty minutes. Amounts are text with two decimals. */
export type Checkout = {
  id: string
  at: number
  entityId: string
  amount: string
  currency: string
  paymentType: 'DB' | 'PA'
  merchantTransactionId: string
  merchantInvoiceId?: string
  customer: Record<string, string>
}

/** One thing that was done or tried: a card charged, a part sent back. */
export type Operation = {
  id: string
  at: number
  entityId: string
  /** The checkout it was made on, or the operation it is done to. */
  checkoutId?: string
  referencedId?: string
  paymentType: PaymentType
  paymentBrand: string
  amount: string
  currency: string
  merchantTransactionId: string
  result: Result
  card?: { bin: string; last4Digits: string; holder: string; expiryMonth: string; expiryYear: string }
}

/** How an operation goes over the wire. */
export function viewOf({ at, entityId: _, checkoutId, ...operation }: Operation) {
  return {
    ...operation,
    resultDetails: { ConnectorTxID1: operation.id.slice(0, 12) },
    buildNumber: 'sandbox',
    timestamp: timestampOf(at),
    ndc: checkoutId ?? operation.id,
  }
}

/** `2026-03-01 09:00:00+0000`, as the platform writes it. */
export const timestampOf = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')}+0000`
