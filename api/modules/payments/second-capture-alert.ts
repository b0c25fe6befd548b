import type { Sighting } from '../alerts/alert-service.js'
import type { Payment } from './payment.js'

/** What is to become of the second sum: a warning where nobody has to do anything about it. */
export type Fate = { severity: Sighting['severity']; words: string; details: Record<string, unknown> }

/** The alert that lasts until the second sum is back. */
export const twiceOf = (paymentId: string, captureId: string): string =>
  `payment_captured_twice:${paymentId}:${captureId}`

export function twiceAlert(
  { id, captureId }: Pick<Payment, 'id' | 'captureId'>,
  secondCaptureId: string,
  { severity, words, details }: Fate,
): Sighting {
  return {
    key: twiceOf(id, secondCaptureId),
    kind: 'payment_captured_twice',
    severity,
    summary: `Payment ${id} was captured a second time, as ${secondCaptureId}: ${words}.`,
    details: { paymentId: id, captureId, secondCaptureId, ...details },
  }
}

export const goesBack = (refundId: string): Fate => ({
  severity: 'warning',
  words: 'that goes back by itself',
  details: { refundId },
})

export const differs = (differences: string[]): Fate => ({
  severity: 'critical',
  words: `not what was asked for (${differences.join(', ')}), so send it back at the provider`,
  details: { differences },
})

export const stayed = (refundId: string, why: string): Fate => ({
  severity: 'critical',
  words: `that did not go back by itself (${why}): see at the provider, and send back there what is still here`,
  details: { refundId, failureCode: why },
})

/** An answer that named no charge paid the order. */
export const perhapsFirst: Fate = {
  severity: 'critical',
  words:
    'or that is what paid the order, which nothing here names: see at the provider whether there are two',
  details: { differences: ['first'] },
}

/** Nothing but a person's word says whether that was done. */
export const leftToPeople: Fate = {
  severity: 'critical',
  words:
    'somebody was told to send it back at the provider, so nothing here does; when it is back, close this',
  details: {},
}
