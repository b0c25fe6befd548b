import { createHmac } from 'node:crypto'
import { amountText } from './amount.js'
import type { TapObject } from './types.js'

/** The text Tap signs. Only these fields are protected; a reference that is absent counts as empty. */
export function signedText(object: TapObject): string {
  const created = object.object === 'refund' ? object.created : object.transaction.created
  const { gateway = '', payment } = object.reference
  return (
    `x_id${object.id}x_amount${amountText(object.amount, object.currency)}x_currency${object.currency}` +
    `x_gateway_reference${gateway}x_payment_reference${payment}x_status${object.status}x_created${created}`
  )
}

export function hashstring(object: TapObject, secretKey: string): string {
  return createHmac('sha256', secretKey).update(signedText(object)).digest('hex')
}
