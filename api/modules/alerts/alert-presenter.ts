import type { Alert } from './alert.js'

/** Times in ISO 8601; `endedAt` is null while it is open. */
export function presentAlert(alert: Alert) {
  const { id, key, kind, severity, summary, details, times, firstAt, lastAt, toldAt, endedAt } = alert
  return {
    ...{ id, key, kind, severity, summary, details, times },
    firstAt: firstAt.toISOString(),
    lastAt: lastAt.toISOString(),
    toldAt: toldAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  }
}
