import type { Config } from '../../../platform/config/index.js'
import type { Messenger } from '../../messages/messenger.js'
import type { Channel } from './channel.js'
import { createChatChannel } from './chat.js'
import { createEmailChannel } from './email.js'
import { createPagerdutyChannel } from './pagerduty.js'

/** How people are told here, beside the log, which always is. */
export function channelsOf(config: Config, messenger: Messenger | null): Channel[] {
  const { ALERT_EMAIL, ALERT_WEBHOOK_URL, ALERT_PAGERDUTY_KEY, PAGERDUTY_API_URL } = config
  return [
    ALERT_EMAIL === undefined ? undefined : createEmailChannel(ALERT_EMAIL, messenger),
    ALERT_WEBHOOK_URL === undefined ? undefined : createChatChannel(ALERT_WEBHOOK_URL),
    ALERT_PAGERDUTY_KEY === undefined
      ? undefined
      : createPagerdutyChannel(PAGERDUTY_API_URL, ALERT_PAGERDUTY_KEY),
  ].filter(channel => channel !== undefined)
}
