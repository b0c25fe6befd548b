import type { z } from 'zod'
import { iso } from '../../http/fields.js'
import type { ApiKeyView } from './api-key-schemas.js'
import type { SeenKey } from './api-key-service.js'

export function presentApiKey({ key, state }: SeenKey): z.infer<typeof ApiKeyView> {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    status: state,
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt.toISOString(),
    lastUsedAt: iso(key.lastUsedAt),
    revokedAt: iso(key.revokedAt),
  }
}
