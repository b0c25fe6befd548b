import { AppError } from '../../api/platform/errors.js'

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/

/** Tap's documented test card with 3-D Secure; this expiry date is approved. */
const TEST_CARD = { decision: 'approve', card: '4508750015741019', expiry: '01/39', cvv: '100' }

/** Plays the buyer on the sandbox's payment page: opens it, types the test card, approves. */
export async function approveOnPage(redirectUrl: string | null): Promise<void> {
  if (redirectUrl === null)
    throw new AppError('conflict', 'demo.no_page', 'The payment has no page to approve on.')
  const page = new URL(redirectUrl)
  if (!LOOPBACK.test(page.hostname)) {
    throw new AppError(
      'conflict',
      'demo.real_provider',
      `The payment page is at ${page.host}: the demo pays in the sandbox only.`,
    )
  }
  const shown = await fetch(page, { redirect: 'manual', signal: AbortSignal.timeout(10_000) })
  if (!shown.ok) throw new AppError('unavailable', 'demo.page', `The payment page answered ${shown.status}.`)
  const decided = await fetch(page, {
    method: 'POST',
    body: new URLSearchParams(TEST_CARD),
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
  })
  if (decided.status >= 400)
    throw new AppError('conflict', 'demo.page', `The payment page answered ${decided.status}.`)
}
