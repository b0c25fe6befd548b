import { readIfPresent, writePrivate } from '../../api/embedded/private-file.js'
import { samePortOrFree } from './port.js'
import type { Secrets } from './secrets.js'
import type { Stage } from './stage.js'

export type Tap = { url: string | null; env: Record<string, string> }

/** Real keys mean the real Tap. Without them its sandbox stands in: same protocol, no money. */
export async function startTap({ env, folder, step, teardown }: Stage, secrets: Secrets): Promise<Tap> {
  if (env.TAP_SECRET_KEY) return { url: null, env: {} }
  const secretKey = secrets.TAP_SECRET_KEY
  const start = async () => {
    const { startSandbox } = await import('../../api/sandbox/index.js')
    const port = await samePortOrFree(readIfPresent(folder.sandboxPort))
    const sandbox = await startSandbox({
      port,
      secretKey,
      stateFile: folder.sandboxState,
      nodeEnv: env.NODE_ENV || 'development',
    })
    writePrivate(folder.sandboxPort, String(port))
    teardown.add('Sandbox', () => sandbox.close())
    return sandbox
  }
  const { url, tapApiUrl, messagesUrl, zatcaUrl } = await step('Sandbox', start, sandbox => sandbox.url)
  return {
    url,
    env: {
      TAP_SECRET_KEY: secretKey,
      TAP_PUBLIC_KEY: secrets.TAP_PUBLIC_KEY,
      TAP_API_URL: tapApiUrl,
      MESSAGES_SANDBOX_URL: messagesUrl,
      ZATCA_SANDBOX_URL: zatcaUrl,
    },
  }
}
