import { z } from 'zod'
import { instant, line, pageOf } from '../../http/fields.js'
import { SCOPES } from '../../platform/actor.js'
import { KEY_STATES } from './api-key.js'

export const CreateApiKey = z.strictObject({
  name: line(60).describe('which system it is for: to know it by later'),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .max(SCOPES.length)
    .refine(scopes => new Set(scopes).size === scopes.length, 'scopes.duplicate')
    .describe('what it may do; nothing else'),
  expiresInDays: z.int().min(1).max(365).default(365),
})

export const ApiKeyView = z.object({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string().describe('the first digits of the key: which it is'),
  scopes: z.array(z.enum(SCOPES)),
  status: z.enum(KEY_STATES),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  lastUsedAt: instant.describe('to the minute; null: never'),
  revokedAt: instant,
})
export const ApiKeyPage = pageOf(ApiKeyView)
export const NewApiKeyView = ApiKeyView.extend({
  key: z.string().describe('shown this once: send it as X-API-Key, and nowhere else'),
})
