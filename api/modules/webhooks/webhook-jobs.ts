import type { TopicHandlers } from '../../platform/topics.js'
import type { WebhookService } from './webhook-service.js'

export const webhookHandlers = ({ webhooks }: { webhooks: WebhookService }) =>
  ({
    webhook_received: ({ eventId }) => webhooks.process(eventId),
  }) satisfies Partial<TopicHandlers>
