import { startSandbox } from '../../api/sandbox/index.js'

/**
 * The provider's stand-in. It delivers nothing by itself: the shopper delivers, as the stand-in signs, so that
 * a webhook's time is measured and the stand-in neither opens a connection for each nor keeps a log of them.
 * What is left for it to do is what Tap does for us: to take a charge, and to be asked about it again.
 */
const FORGET_MS = 1_000

const sandbox = await startSandbox({
  secretKey: process.env.TAP_SECRET_KEY as string,
  nodeEnv: 'test',
  maxObjects: 100_000,
})
sandbox.control.webhooks.hold()
setInterval(() => sandbox.control.webhooks.discard(), FORGET_MS).unref()
console.log(`listening on ${sandbox.url}`)
process.once('SIGTERM', () => void sandbox.close().then(() => process.exit(0)))
