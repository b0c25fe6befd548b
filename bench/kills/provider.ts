import { startSandbox } from '../../api/sandbox/index.js'

/** Both providers, as their stand-in: the world outside, which nobody kills. */
const { TAP_SECRET_KEY, HYPERPAY_ACCESS_TOKEN, HYPERPAY_WEBHOOK_SECRET, HYPERPAY_WEBHOOK_URL } = process.env
const sandbox = await startSandbox({
  secretKey: TAP_SECRET_KEY as string,
  nodeEnv: 'test',
  // a real provider goes on for hours: these few tries are what is left of that in a run of minutes
  webhooks: { gapsMs: [200, 1_000, 3_000, 5_000], timeoutMs: 5_000 },
  maxObjects: 100_000,
  hyperpay: {
    accessToken: HYPERPAY_ACCESS_TOKEN as string,
    entityIds: ['cards'],
    webhookKey: HYPERPAY_WEBHOOK_SECRET as string,
    webhookUrl: HYPERPAY_WEBHOOK_URL as string,
  },
})
console.log(`listening on ${sandbox.url}`)
process.once('SIGTERM', () => void sandbox.close().then(() => process.exit(0)))
