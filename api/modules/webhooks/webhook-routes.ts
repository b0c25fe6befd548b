import { z } from 'zod'
import { type Operation, operation } from '../../http/operation.js'
import type { WebhookService } from './webhook-service.js'

const MAX_BYTES = 256 * 1024

export function webhookOperations(webhooks: WebhookService): Operation[] {
  return [
    operation({
      id: 'receiveWebhook',
      method: 'post',
      path: '/webhooks/:provider',
      tag: 'Webhooks',
      access: 'anyone',
      ignoresToken: true,
      limit: 'callbacks',
      isQuiet: true,
      status: 200,
      summary: "A payment provider's event, proven by its signature",
      params: z.strictObject({ provider: z.string().regex(/^[a-z]{2,20}$/) }),
      rawBody: MAX_BYTES,
      response: z.object({ received: z.literal(true) }),
      errors: { 'webhooks.bad_signature': 'unauthenticated', 'webhooks.disabled': 'unavailable' },
      handle: async ({ params, rawBody, header, ctx }) => {
        await webhooks.receive(params.provider, rawBody, header, ctx.ip)
        return { received: true }
      },
    }),
  ]
}
