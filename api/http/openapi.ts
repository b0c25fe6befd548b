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
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
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
    security: op.access === 'anyone' ? [] : [{ bearer: [] }],
    'x-access': op.access,
    parameters: [
      ...parameters(op.params, 'path'),
      ...parameters(op.query, 'query'),
      ...(op.idempotent ? [idempotencyKey] : []),
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
      ...problemResponses(op, hasBody),
    },
  }
}

function accessText(op: Operation): string {
  const who = op.access === 'anyone' ? 'Open to anyone.' : `For: ${op.access.join(', ')}.`
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

function problemResponses(op: Operation, hasBody: boolean): Json {
  const statuses = new Set<number>([STATUS.internal, STATUS.unavailable])
  // where a token is no must, one that ended is refused all the same
  if (!op.ignoresToken) statuses.add(401)
  if (op.access !== 'anyone') statuses.add(403)
  if (op.params) statuses.add(404)
  if (op.params || op.query || hasBody) statuses.add(400).add(422)
  if (hasBody) statuses.add(413).add(415)
  if (op.idempotent) statuses.add(409)
  for (const kind of Object.values(op.errors ?? {})) statuses.add(STATUS[kind])
  return Object.fromEntries(
    [...statuses].sort().map(status => [
      String(status),
      {
        description: 'A problem document (RFC 9457).',
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

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'One per attempt to do this once. A repeat within 24 hours gets the first answer; the same key with another request is refused (422).',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
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
