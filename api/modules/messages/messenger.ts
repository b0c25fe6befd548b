/** A message as it goes to its provider. */
export type OutgoingMessage = {
  /** The same for every try to send the same message. */
  id: string
  channel: 'email' | 'sms'
  to: string
  locale: 'ar' | 'en'
  subject: string
  text: string
}

/** Who carries messages to people. Throws where it did not take one: the message is tried again. */
export type Messenger = { send(message: OutgoingMessage, signal: AbortSignal): Promise<void> }
