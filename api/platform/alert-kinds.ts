/** What alerts can be about. Here, because a command shows it in its help and must not load what alerts are made of. */
export const ALERT_KINDS = [
  'webhook_dead',
  'payment_mismatch',
  'payment_captured_twice',
  'capture_refused',
  'refund_failed',
  'refund_mismatch',
  'chargeback',
  'provider_word_unheard',
  'provider_paused',
  'books_differ',
] as const
export type AlertKind = (typeof ALERT_KINDS)[number]
