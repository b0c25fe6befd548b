import type { TestContext } from './context.js'

/** What somebody finds in the newest message to them: the token of its link, the digits of its code. */
export async function inboxOf(t: TestContext, to: string) {
  await t.settle()
  const messages = t.sandbox.control.messages.list(to)
  const linkOf = (page: string): string | undefined =>
    messages.map(({ text }) => new RegExp(`${page}#token=(\\S+)`).exec(text)?.[1]).find(Boolean)
  return {
    messages,
    verification: linkOf('/verify-email'),
    reset: linkOf('/reset-password'),
    code: messages.map(({ text, channel }) =>
      channel === 'sms' ? /\b\d{6}\b/.exec(text)?.[0] : undefined,
    )[0],
  }
}
