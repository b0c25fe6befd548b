import type { TopicHandlers } from '../../platform/topics.js'
import type { AccountService } from './account-service.js'

export const accountHandlers = ({ account }: { account: AccountService }) =>
  ({
    password_reset_asked: ({ email }) => account.openReset(email),
  }) satisfies Partial<TopicHandlers>
