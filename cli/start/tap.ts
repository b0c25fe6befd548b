import { readIfPresent, writePrivate } from '../../api/embedded/private-file.js'
import { samePortOrFree } from './port.js'
import type { Secrets } from './secrets.js'
import type { Stage } from './stage.js'

/** Channels of the sandbox's HyperPay: one a brand, as the real one has them. */
const ENTITIES = {
  HYPERPAY_ENTITY_ID: 'sandbox-cards',
  HYPERPAY_ENTITY_ID_MADA: 'sandbox-mada',
  HYPERPAY_ENTITY_ID_APPLEPAY: 'sandbox-apple-pay',
}

export type Tap = { url: string | null; env: Record<string, string> }

/** Real keys mean the real Tap. Without them a sandbox stands in for it and for HyperPay: same protocols, no money. */
export async function startTap(
  { env, folder, step, teardown, baseUrl }: Stage,
  secrets: Secrets,
): Promise<Tap> {
  if (env.TAP_SECRET_KEY) return { url: null, env: {} }
  const secretKey = secrets.TAP_SECRET_KEY
  const isHyperpayOurs = !env.HYPERPAY_ACCESS_TOKEN
  const start = async () => {
    const { startSandbox } = await import('../../api/sandbox/index.js')
    const port = await samePortOrFree(readIfPresent(folder.sandboxPort))
    const sandbox = await startSandbox({
      port,
      secretKey,
      stateFile: folder.sandboxState,
      nodeEnv: env.NODE_ENV || 'development',
      hyperpay: {
        accessToken: secrets.HYPERPAY_ACCESS_TOKEN,
        entityIds: Object.values(ENTITIES),
        webhookKey: secrets.HYPERPAY_WEBHOOK_SECRET,
        webhookUrl: `${env.API_URL || baseUrl}/api/v1/webhooks/hyperpay`,
      },
    })
    writePrivate(folder.sandboxPort, String(port))
    teardown.add('Sandbox', () => sandbox.close())
    return sandbox
  }
  const { url, tapApiUrl, hyperpayApiUrl, messagesUrl, zatcaUrl, wathqUrl, accountsUrl } = await step(
    'Sandbox',
    start,
    sandbox => sandbox.url,
  )
  return {
    url,
    env: {
      TAP_SECRET_KEY: secretKey,
      TAP_PUBLIC_KEY: secrets.TAP_PUBLIC_KEY,
      TAP_API_URL: tapApiUrl,
      MESSAGES_SANDBOX_URL: messagesUrl,
      ZATCA_SANDBOX_URL: zatcaUrl,
      ...(isHyperpayOurs
        ? {
            HYPERPAY_ACCESS_TOKEN: secrets.HYPERPAY_ACCESS_TOKEN,
            HYPERPAY_WEBHOOK_SECRET: secrets.HYPERPAY_WEBHOOK_SECRET,
            HYPERPAY_API_URL: hyperpayApiUrl,
            ...ENTITIES,
          }
        : {}),
      ...(env.WATHQ_API_KEY ? {} : { WATHQ_API_URL: wathqUrl, WATHQ_API_KEY: secretKey }),
      ...(env.ACCOUNT_CHECK_API_KEY
        ? {}
        : { ACCOUNT_CHECK_API_URL: accountsUrl, ACCOUNT_CHECK_API_KEY: secretKey }),
    },
  }
}
