import { minutes } from '../../platform/clock.js'
import type { Db, Trx } from '../../platform/database.js'
import type { Logger } from '../../platform/logger.js'
import { NotYet } from '../../platform/not-yet.js'
import type { Outbox, Topics } from '../../platform/outbox.js'
import type { Challenge, ChallengeService } from '../challenges/challenge-service.js'
import type { Messenger } from './messenger.js'
import { TEMPLATES, type Template } from './templates.js'

type Recipient = { name: string; email: string; locale: 'ar' | 'en' }
type Deps = {
  db: Db
  logger: Logger
  outbox: Outbox
  challenges: ChallengeService
  /** None where no provider is configured: messages wait in the outbox until one is. */
  messenger: Messenger | null
  /** Where the pages are that a link leads to. */
  appUrl: string
}
/** Messages that nobody carries wait; a code or link that ends meanwhile is not sent. */
const NO_PROVIDER_MS = minutes(5)

export type MessageService = ReturnType<typeof createMessageService>

/** Tells people things by e-mail and SMS. Secrets are worked out when a message is sent, and stand nowhere before. */
export function createMessageService({ db, logger, outbox, challenges, messenger, appUrl }: Deps) {
  return {
    /** Sends after the caller's transaction commits. */
    async add(trx: Trx, template: Template, userId: string, challenge?: Challenge): Promise<void> {
      await outbox.add(trx, topicOf(template, challenge), {
        template,
        userId,
        challengeId: challenge?.id ?? null,
      })
    },

    /** The outbox's handler. A link or code that was used or is over meanwhile is not sent. */
    async send(
      { template, userId, challengeId }: Topics['message_due'],
      signal: AbortSignal,
      messageId: string,
    ): Promise<void> {
      const user: Recipient | undefined = await db('users')
        .where({ id: userId })
        .first('name', 'email', 'locale')
      const challenge = challengeId ? await challenges.find(challengeId) : undefined
      if (!user || (challengeId && !(challenge && challenges.isLive(challenge)))) return
      if (!messenger) throw new NotYet('no one carries messages here', NO_PROVIDER_MS)
      const { channel, ...words } = TEMPLATES[template as Template]
      const values = {
        name: user.name,
        link: challenge
          ? `${appUrl}${PAGES[challenge.purpose]}#token=${challenges.tokenOf(challenge.id)}`
          : '',
        code: challenge ? challenges.codeOf(challenge.id) : '',
      }
      const to = challenge?.target ?? user.email
      const message = { id: messageId, channel, to, locale: user.locale, ...words[user.locale](values) }
      await messenger.send(message, signal)
      logger.info('message_sent', { template, channel, userId, messageId })
    },
  }
}

/** A code that somebody waits for goes ahead of what else goes by SMS. */
function topicOf(template: Template, challenge: Challenge | undefined) {
  if (TEMPLATES[template].channel === 'email') return 'message_due'
  return challenge ? 'code_due' : 'sms_due'
}

/** The app's pages that take a link's token from behind the # (so that it reaches no server's log). */
const PAGES: Record<Challenge['purpose'], string> = {
  EMAIL: '/verify-email',
  PASSWORD_RESET: '/reset-password',
  PHONE: '',
  LOGIN: '',
  INVITATION: '/reset-password',
}
