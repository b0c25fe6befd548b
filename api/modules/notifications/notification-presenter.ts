import type { z } from 'zod'
import { iso } from '../../http/fields.js'
import type { Locale } from '../../http/locale.js'
import type { NotificationRow } from './notification-queries.js'
import type { NotificationView } from './notification-schemas.js'
import { wordsOf } from './notification-words.js'

export function presentNotification(row: NotificationRow, locale: Locale): z.infer<typeof NotificationView> {
  const { id, kind, data, readAt, createdAt } = row
  return {
    id,
    kind,
    text: wordsOf(kind, data)[locale],
    data,
    readAt: iso(readAt),
    createdAt: createdAt.toISOString(),
  }
}
