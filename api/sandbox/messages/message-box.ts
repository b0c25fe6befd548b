import { z } from 'zod'

/** A message as the application hands it over. */
export const MessageSchema = z.object({
  id: z.string().min(1).max(100),
  channel: z.enum(['email', 'sms']),
  to: z.string().min(1).max(300),
  locale: z.enum(['ar', 'en']),
  subject: z.string().max(300),
  text: z.string().max(5_000),
})
export type Message = z.infer<typeof MessageSchema> & { at: Date }

const MOST_KEPT = 200

export type MessageBox = ReturnType<typeof createMessageBox>

/** What was sent to people, for a developer or a test to read. Kept in memory; the oldest go first. */
export function createMessageBox(now: () => Date) {
  const kept = new Map<string, Message>()
  return {
    /** A message that comes again under its id is the same one. */
    take(message: z.infer<typeof MessageSchema>): void {
      if (kept.has(message.id)) return
      kept.set(message.id, { ...message, at: now() })
      if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value as string)
    },
    /** Newest first; to one address or number, or all. */
    list: (to?: string): Message[] =>
      [...kept.values()].filter(message => to === undefined || message.to === to).reverse(),
    clear: (): void => kept.clear(),
  }
}
