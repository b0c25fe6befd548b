import { type ZodType, z } from 'zod'
import type { Operation } from './operation.js'
import { STATUS } from './problem-texts.js'

type Settings = { title: string; version: string; publicUrl: string }
type Json = Record<string, unknown>

/** OpenAPI 3.1, from the very schemas that validate the requests. */
export function openApi(operations: readonly Operation[], { title, version, publicUrl }: Settings): Json {
  const paths: Record<string, Json> = {}
  for (const op of operations) {
    const path = `/api/v1${op.path.replace(/:(\w+)/g, '{$1}')}`
    paths[path] = { ...paths[path], [op.method]: describe(op) }
  }
  return {
    openapi: '3.1.0',
    info: {
      title,
      version,
      description: 'Marketplace for car parts in Saudi Arabia. Amounts are whole halalas (1 SAR = 100).',
    },
    servers: [{ url: publicUrl }],
    tags: [...new Set(operations.map(op => op.tag))].map(name => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
      },
      schemas: { Problem: problemSchema },
    },
  }
}

function describe(op: Operation): Json {
  const status = String(op.status ?? (op.response ? 200 : 204))
  const hasBody = [op.body, op.rawBody, op.upload].some(body => body !== undefined)
  return {
    operationId: op.id,
    tags: [op.tag],
    summary: op.summary,
    description: accessText(op),
    security: securityOf(op),
    'x-access': op.access,
    'x-rate-limit': op.limit ?? 'api:standard',
    parameters: [
      ...parameters(op.params, 'path'),
      ...parameters(op.query, 'query'),
      ...(op.idempotent ? [idempotencyKey] : []),
      ...(op.signed ? [operationToken] : []),
    ],
    ...(hasBody
      ? {
          requestBody: {
            required: true,
            content: Object.fromEntries(bodyTypes(op).map(type => [type, { schema: bodySchema(op) }])),
          },
        }
      : {}),
    responses: {
      [status]: op.response
        ? {
            description: 'Done.',
            content: {
              [op.responseType ?? 'application/json']: { schema: jsonSchema(op.response, 'output') },
            },
          }
        : { description: 'Done.' },
      ...problemResponses(op),
    },
  }
}

/** Either a person's token, or where a key may come too, a key with that scope. */
function securityOf({ access, scope }: Operation): Json[] {
  if (access === 'anyone') return []
  return [{ bearer: [] }, ...(scope ? [{ apiKey: [scope] }] : [])]
}

function accessText(op: Operation): string {
  const keys = op.scope ? ` API keys: ${op.scope}.` : ''
  const who = op.access === 'anyone' ? 'Open to anyone.' : `For: ${op.access.join(', ')}.${keys}`
  const own = Object.entries(op.errors ?? {}).map(([code, kind]) => `\`${code}\` (${STATUS[kind]})`)
  return own.length > 0 ? `${who} Errors of its own: ${own.join(', ')}.` : who
}

const bodyTypes = (op: Operation): readonly string[] => op.rawTypes ?? [op.upload?.type ?? 'application/json']

function bodySchema(op: Operation): Json {
  if (op.upload || op.rawTypes) return { type: 'string' }
  return op.body ? jsonSchema(op.body as ZodType, 'input') : { type: 'object' }
}

function parameters(schema: unknown, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema as ZodType, 'input') as {
    properties?: Json
    required?: string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

function problemResponses(op: Operation): Json {
  // what takes no body refuses one that holds anything
  const mayBring = op.method !== 'get'
  const statuses = new Set<number>([STATUS.rate_limited, STATUS.internal, STATUS.unavailable])
  // where a token is no must, one that ended is refused all the same
  if (!op.ignoresToken) statuses.add(401)
  if (op.access !== 'anyone') statuses.add(403)
  if (op.params) statuses.add(404)
  if (op.params || op.query || mayBring) statuses.add(400).add(422)
  if (mayBring) statuses.add(413).add(415)
  if (op.idempotent) statuses.add(409)
  for (const kind of Object.values(op.errors ?? {})) statuses.add(STATUS[kind])
  return Object.fromEntries(
    [...statuses].sort().map(status => [
      String(status),
      {
        description: 'A problem document (RFC 9457).',
        ...(status === STATUS.rate_limited ? { headers: retryAfter } : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}

function jsonSchema(schema: ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  })
  return rest
}

const retryAfter = {
  'Retry-After': { description: 'Seconds until it may be tried again.', schema: { type: 'integer' } },
}

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'One per attempt to do this once. A repeat within 24 hours gets the first answer; the same key with another request is refused (422).',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
}

const operationToken = {
  name: 'Operation-Token',
  in: 'header',
  required: true,
  description:
    'From POST /api/v1/auth/operations, for this very request: its method, its path and the bytes of its body.',
  schema: { type: 'string', minLength: 1, maxLength: 2000 },
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    instance: { type: 'string' },
    code: { type: 'string', description: 'Stable: branch on this.' },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: { type: 'object', properties: { pointer: { type: 'string' }, detail: { type: 'string' } } },
    },
  },
}
