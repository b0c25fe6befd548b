import { z } from 'zod'
import { ById, paging } from '../../http/fields.js'
import { type Operation, operation } from '../../http/operation.js'
import { presentApiKey } from './api-key-presenter.js'
import { ApiKeyPage, CreateApiKey, NewApiKeyView } from './api-key-schemas.js'
import type { ApiKeyService } from './api-key-service.js'

const own = { tag: 'API keys', access: ['seller'] } as const

export function apiKeyOperations(apiKeys: ApiKeyService): Operation[] {
  return [
    operation({
      ...own,
      id: 'createApiKey',
      method: 'post',
      path: '/api-keys',
      status: 201,
      signed: true,
      idempotent: true,
      hasSecret: true,
      summary: "Make a key for a system of the caller's; it is shown this once",
      body: CreateApiKey,
      response: NewApiKeyView,
      errors: { 'api_keys.not_offered': 'conflict', 'api_keys.too_many': 'conflict' },
      handle: async ({ body, actor, idempotencyId }) => {
        const { secret, ...made } = await apiKeys.create(body, actor, idempotencyId)
        return { ...presentApiKey(made), key: secret }
      },
    }),
    operation({
      ...own,
      id: 'listApiKeys',
      method: 'get',
      path: '/api-keys',
      summary: "The caller's keys, newest first, those that ended too",
      query: z.strictObject(paging),
      response: ApiKeyPage,
      handle: async ({ query, actor }) => {
        const { items, nextCursor } = await apiKeys.of(actor, query)
        return { items: items.map(presentApiKey), nextCursor }
      },
    }),
    operation({
      ...own,
      id: 'revokeApiKey',
      method: 'delete',
      path: '/api-keys/:id',
      summary: 'End a key, at once and for good',
      params: ById,
      errors: { 'api_keys.not_found': 'not_found' },
      handle: async ({ params, actor }) => void (await apiKeys.revoke(params.id, actor)),
    }),
  ]
}
