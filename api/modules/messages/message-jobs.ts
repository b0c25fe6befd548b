import type { TopicHandlers } from '../../platform/topics.js'
import type { MessageService } from './message-service.js'

/** One message each; the topic says how it goes, and with it who has to wait for whom. */
export const messageHandlers = ({ messages }: { messages: MessageService }) =>
  ({
    message_due: messages.send,
    sms_due: messages.send,
    code_due: messages.send,
  }) satisfies Partial<TopicHandlers>
