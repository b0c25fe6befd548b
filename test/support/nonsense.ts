import fc from 'fast-check'
import type { Schema } from './json-schema.js'

/** Input for an operation: partly as its schema wants it, partly not, and sometimes nothing of the kind. */
export type Nonsense = {
  params: Record<string, string>
  query: [string, string][]
  headers: Record<string, string>
  body: string | undefined
}

type Parameter = { name: string; in: string; schema: Schema }
type Described = {
  parameters: Parameter[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}

const AWKWARD_TEXTS = [
  '',
  ' ',
  'null',
  '0',
  '-1',
  '1e309',
  'true',
  "' or 1=1 --",
  '%',
  '_',
  '\\',
  '\u0000',
  '\ud800',
  '\u202eab',
  'سيارة',
  '٠٥٠١٢٣٤٥٦٧',
  '🔧'.repeat(50),
  'x'.repeat(5_000),
  '../../etc/passwd',
  '<script>',
  '__proto__',
  'constructor',
  '------------------------------------',
  `${'-'.repeat(36)}.${'x'.repeat(43)}`,
  '4111111111111111',
  '2026-02-30T25:61:61Z',
]
const AWKWARD_NUMBERS = [0, -0, 1, -1, 1.5, 2 ** 31, 2 ** 31 - 1, 2 ** 53, -(2 ** 53), 1e308, 5e-324]

export function nonsenseFor(op: Described, known: readonly string[]): fc.Arbitrary<Nonsense> {
  const inPlace = (place: string) => op.parameters.filter(parameter => parameter.in === place)
  const [type = JSON_TYPE, { schema } = {}] = Object.entries(op.requestBody?.content ?? {})[0] ?? []
  return fc.record({
    params: fc.record(
      Object.fromEntries(inPlace('path').map(({ name, schema }) => [name, asText(near(schema, known))])),
    ),
    query: fc.array(queryItem(inPlace('query'), known), { maxLength: 4 }),
    headers: headersWith(type),
    body: fc.oneof(
      {
        weight: 8,
        arbitrary: (schema ? near(schema, known) : fc.constant({})).map(type === JSON_TYPE ? toJson : toText),
      },
      { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }).map(toJson) },
      { weight: 1, arbitrary: fc.constantFrom(undefined, '', '{', '[]', 'null', '{"__proto__":{}}') },
    ),
  })
}

const JSON_TYPE = 'application/json'
const toText = (value: unknown): string => (typeof value === 'string' ? value : toJson(value))
const toJson = (value: unknown): string => JSON.stringify(value) ?? 'null'
const asText = (value: fc.Arbitrary<unknown>) =>
  value.map(item => (typeof item === 'string' ? item : toJson(item)))

const text = fc.oneof(fc.constantFrom(...AWKWARD_TEXTS), fc.string({ unit: 'grapheme', maxLength: 40 }))
const awkward = fc.oneof(text, fc.constantFrom(...AWKWARD_NUMBERS), fc.jsonValue({ maxDepth: 2 }))

const headersWith = (type: string) =>
  fc.record(
    {
      'accept-language': fc.constantFrom('ar', 'en', 'fr', ';;', '*', 'x'.repeat(500)),
      'idempotency-key': fc.oneof(fc.uuid(), fc.constantFrom('a', '"quoted"', 'x'.repeat(256), 'two words')),
      'x-request-id': fc.constantFrom('good-id-1', '!', 'x'.repeat(200)),
      'content-type': fc.constantFrom(type, type, 'text/plain', 'nonsense'),
      'content-encoding': fc.constantFrom('identity', 'identity', 'gzip'),
      'user-agent': fc.constantFrom('a', 'x'.repeat(2_000), 'Mozilla \u00e9\u00ff'),
      'x-forwarded-for': fc.constantFrom('1.2.3.4', 'not-an-ip', '::1, 10.0.0.1'),
      hashstring: fc.constantFrom('', 'abc', 'f'.repeat(64)),
      origin: fc.constantFrom('https://evil.example', 'null'),
    },
    { requiredKeys: ['content-type', 'idempotency-key'] },
  )

function queryItem(parameters: Parameter[], known: readonly string[]): fc.Arbitrary<[string, string]> {
  const own = parameters.map(({ name, schema }) => fc.tuple(fc.constant(name), asText(near(schema, known))))
  const foreign = fc.tuple(text, text)
  return own.length > 0 ? fc.oneof({ weight: 9, arbitrary: fc.oneof(...own) }, foreign) : foreign
}

/** Mostly what the schema asks for. */
function near(schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 12, arbitrary: fitting(schema, known) }, { weight: 1, arbitrary: awkward })
}

function fitting(schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  const { type, anyOf, enum: values } = schema
  if (Array.isArray(anyOf)) return fc.oneof(...anyOf.map(each => near(each as Schema, known)))
  if (Array.isArray(values)) return fc.constantFrom(...values)
  if ('const' in schema) return fc.constant(schema.const)
  if (type === 'object') return members(schema, known)
  if (type === 'array') return fc.array(near((schema.items ?? {}) as Schema, known), { maxLength: 3 })
  if (type === 'integer' || type === 'number') return whole(schema)
  if (type === 'boolean') return fc.boolean()
  if (type === 'null') return fc.constant(null)
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, fc.uuid(), text)
}

function members(schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Schema>)
  return fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record(Object.fromEntries(properties.map(([name, each]) => [name, near(each, known)]))),
    },
    fc.record(Object.fromEntries(properties.map(([name, each]) => [name, near(each, known)])), {
      requiredKeys: [],
    }),
    fc.dictionary(text, awkward, { maxKeys: 3 }),
  )
}

const whole = ({ minimum, maximum }: Schema) =>
  fc.integer({
    min: Math.max(Number(minimum ?? -1_000), -(2 ** 31)),
    max: Math.min(Number(maximum ?? 1_000), 2 ** 31 - 1),
  })
