import type { Finding } from './registry.js'

const TIMEOUT_MS = 8_000

export type RegistryAnswer = { status: number; body: Record<string, unknown> }

/** One question to a register; no redirect is followed, because the key would go with it. */
export async function ask(url: string, init: RequestInit): Promise<RegistryAnswer> {
  const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) })
  const body: unknown = await response.json()
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw new Error('no JSON object')
  return { status: response.status, body: body as Record<string, unknown> }
}

/** Time-out, reset, refused, a proxy's page, our key refused: none of it says anything about the seller. */
export const unavailable = (source: string, why: string): Finding => ({
  verdict: 'UNAVAILABLE',
  source,
  evidence: { why },
  expiresAt: null,
})

export const words = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 300) : '')
