import type { Alert } from '../alert.js'

/** One way of telling people. Throws where it did not get through: it is tried again, and may then be told twice. */
export type Channel = { name: string; tell(alert: Alert, signal: AbortSignal): Promise<void> }
