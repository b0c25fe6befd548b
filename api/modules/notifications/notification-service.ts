import type { Clock } from '../../platform/clock.js'
import type { Trx } from '../../platform/database.js'
import { newId } from '../../platform/ids.js'

export type Notice = { userId: string; kind: string; data: Record<string, string> }
export type NotificationService = ReturnType<typeof createNotificationService>

/** What a person should be told. The words are chosen in the reader's language when it is shown or sent. */
export function createNotificationService({ clock }: { clock: Clock }) {
  return {
    add: (trx: Trx, userId: string, kind: string, data: Notice['data']): Promise<void> =>
      addAll(trx, [{ userId, kind, data }]),
    addAll,
  }

  /** Once for the same person, kind and facts, however often the caller's work is repeated. */
  async function addAll(trx: Trx, notices: readonly Notice[]): Promise<void> {
    await trx('notifications')
      .insert(
        notices.map(({ userId, kind, data }) => ({
          id: newId(),
          user_id: userId,
          kind,
          data: JSON.stringify(data),
          created_at: clock.now(),
        })),
      )
      .onConflict(['user_id', 'kind', 'data'])
      .ignore()
  }
}
