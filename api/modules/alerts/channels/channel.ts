import type { Alert } from '../alert.js'

/** One way of telling people. Throws where it did not get through: it is tried again, and may then be told twice. */
export type Channel = { name: string; tell(alert: Alert, signal: AbortSignal): Promise<void> }

/** The first line of whatever carries it. */
export function headline({ severity, summary, endedAt }: Alert): string {
  return `${endedAt ? 'over' : severity}: ${summary}`
}

export function history({ times, firstAt, lastAt, endedAt }: Alert): string {
  const seen =
    times === 1 ? `Seen once, ${firstAt.toISOString()}` : `Seen ${times} times since ${firstAt.toISOString()}`
  return `${seen}${times === 1 ? '' : `, last ${lastAt.toISOString()}`}.${endedAt ? ` Over since ${endedAt.toISOString()}.` : ''}`
}
