import { z } from 'zod'
import { dayRange } from '../../http/fields.js'
import { type Operation, operation } from '../../http/operation.js'
import type { BusinessEventService } from './business-event-service.js'

const Counts = z.object({
  items: z.array(z.object({ day: z.iso.date(), event: z.string(), count: z.int() })),
})

export function businessEventOperations(events: BusinessEventService): Operation[] {
  return [
    operation({
      id: 'businessEventCounts',
      method: 'get',
      path: '/business-events',
      tag: 'Back office',
      access: ['officer', 'finance', 'admin'],
      summary: 'How often each business event happened, by day in Riyadh; days without one are left out',
      query: z.strictObject(dayRange),
      response: Counts,
      handle: async ({ query }) => ({ items: await events.counts(query) }),
    }),
  ]
}
