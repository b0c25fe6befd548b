import { z } from 'zod'
import { pageOf } from '../../http/fields.js'

export const ActivityView = z.object({
  id: z.uuid(),
  at: z.iso.datetime(),
  action: z.string().describe('as in the audit log: `order_created`, `session_revoked`'),
  object: z.object({ type: z.string(), id: z.string() }),
  ip: z.string().nullable(),
})

export const ActivityPage = pageOf(ActivityView)
