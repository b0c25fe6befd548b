import type { TopicHandlers } from '../../platform/topics.js'
import type { AlertService } from './alert-service.js'

export const alertHandlers = ({ alerts }: { alerts: AlertService }) =>
  ({ alert_due: alerts.tell }) satisfies Partial<TopicHandlers>
