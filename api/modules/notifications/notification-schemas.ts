import { z } from 'zod'
import { id, instant, pageOf, paging } from '../../http/fields.js'

export const NotificationView = z.object({
  id: z.uuid(),
  kind: z.string().describe('what happened: `order_shipped`'),
  text: z.string().describe("in the reader's language"),
  data: z.record(z.string(), z.string()).describe('what it is about: `orderId`, `number` …'),
  readAt: instant,
  createdAt: z.iso.datetime(),
})
export const NotificationPage = pageOf(NotificationView)
export const NotificationFilter = z.strictObject({ ...paging, unread: z.stringbool().default(false) })
export const UnreadView = z.object({ unread: z.int().describe('1000 stands for a thousand or more') })
export const MarkAllRead = z.strictObject({
  upTo: id.optional().describe('the newest one the reader saw; all of them where it is left out'),
})
export const MarkedView = z.object({ marked: z.int(), unread: z.int() })
export const UnreadEvent = z
  .string()
  .describe('`event: unread`, `id:` for Last-Event-ID, `data: {"unread":3}`; between them comments')
