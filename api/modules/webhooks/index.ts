import type { Clock } from '../../platform/clock.js'
import type { Db } from '../../platform/database.js'
import type { Logger } from '../../platform/logger.js'
import type { Outbox } from '../../platform/outbox.js'
import type { Reads } from '../../platform/reads.js'
import type { AlertService } from '../alerts/alert-service.js'
import type { AuditService } from '../audit/audit-service.js'
import type { PaymentService } from '../payments/payment-service.js'
import { createAttempts } from './webhook-attempts.js'
import { createInbox } from './webhook-inbox.js'
import { createRefusalCount } from './webhook-refusals.js'
import { createWebhookService } from './webhook-service.js'

type Deps = {
  db: Db
  reads: Reads
  clock: Clock
  logger: Logger
  outbox: Outbox
  audit: AuditService
  alerts: AlertService
  payments: PaymentService
  /** How often an event that fails is tried again by itself. */
  retries: number
  /** Says that there is work which is due at once. */
  ring: () => void
  isEnabled: boolean
}

/** The inbox of what providers send, and all that works on it. */
export function createWebhooks(deps: Deps) {
  const attempts = createAttempts(deps)
  const inbox = createInbox({ ...deps, attempts })
  return createWebhookService({ ...deps, inbox, attempts, refusals: createRefusalCount(deps) })
}
