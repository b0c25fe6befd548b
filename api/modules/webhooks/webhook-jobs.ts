import type { TopicHandlers } from '../../platform/topics.js'
import type { WebhookService } from './webhook-service.js'

export const webhookHandlers = ({ webhooks }: { webhooks: WebhookService }) =>
  ({
    webhook_received: ({ eventId, cause }) => webhooks.process(eventId, cause),
  }) satisfies Partial<TopicHandlers>
