import { AppError } from '../../../platform/errors.js'
import type { Messenger } from '../../messages/messenger.js'
import { type Channel, headline, history } from './channel.js'

/** An e-mail to whoever is on duty, carried as all messages are. */
export function createEmailChannel(to: string, messenger: Messenger | null): Channel {
  return {
    name: 'email',
    async tell(alert, signal) {
      if (!messenger)
        throw new AppError('unavailable', 'messages.no_provider', 'No one carries messages here.')
      const details = JSON.stringify(alert.details, null, 2)
      await messenger.send(
        {
          // the same for every try to tell of this, another when it is told of again
          id: `alert.${alert.id}.${(alert.endedAt ?? alert.toldAt ?? alert.firstAt).getTime()}`,
          channel: 'email',
          to,
          locale: 'en',
          subject: `CargoParts ${headline(alert)}`.slice(0, 200),
          text: `${headline(alert)}\n${history(alert)}\n\n${details}\n`,
        },
        signal,
      )
    },
  }
}
