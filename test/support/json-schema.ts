/** As much of JSON Schema 2020-12 as our own document uses; anything else in a schema is an error, not ignored. */
export type Schema = { [keyword: string]: unknown }

const HANDLED = new Set([
  '$ref',
  'type',
  'enum',
  'const',
  'properties',
  'required',
  'additionalProperties',
  'propertyNames',
  'items',
  'anyOf',
  'allOf',
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'format',
  'description',
  'default',
])

/** What is wrong with a value, each with the place it stands at. Nothing is left for `additionalProperties: false` to miss. */
export function mismatches(value: unknown, schema: Schema, document: unknown, at = '#'): string[] {
  const unknown = Object.keys(schema).filter(keyword => !HANDLED.has(keyword))
  if (unknown.length > 0) return [`${at}: this check does not know ${unknown.join(', ')}`]
  if (typeof schema.$ref === 'string') return mismatches(value, resolve(document, schema.$ref), document, at)
  return [
    ...ofType(value, schema, at),
    ...ofValue(value, schema, at),
    ...ofObject(value, schema, document, at),
    ...(Array.isArray(value) && schema.items
      ? value.flatMap((item, i) => mismatches(item, schema.items as Schema, document, `${at}/${i}`))
      : []),
    ...ofAlternatives(value, schema, document, at),
  ]
}

export function resolve(document: unknown, ref: string): Schema {
  let found = document
  for (const part of ref.replace(/^#\//, '').split('/')) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    found = (found as Record<string, unknown> | undefined)?.[name]
  }
  if (!ref.startsWith('#/') || found === undefined) throw new Error(`${ref} leads nowhere`)
  return found as Schema
}

function ofType(value: unknown, { type }: Schema, at: string): string[] {
  if (type === undefined) return []
  const types = [type].flat() as string[]
  return types.some(name => isOfType(value, name)) ? [] : [`${at}: ${JSON.stringify(value)} is no ${types}`]
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'null') return value === null
  if (type === 'integer') return Number.isInteger(value)
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return value !== null && typeof value === 'object' && !Array.isArray(value)
  return typeof value === type
}

function ofValue(value: unknown, schema: Schema, at: string): string[] {
  const wrong: string[] = []
  const refuse = (why: string) => wrong.push(`${at}: ${JSON.stringify(value)} ${why}`)
  if (schema.enum && !(schema.enum as unknown[]).includes(value)) refuse('is not among the values')
  if ('const' in schema && schema.const !== value) refuse('is not the constant')
  if (typeof value === 'string') {
    if (schema.pattern && !new RegExp(schema.pattern as string, 'u').test(value)) refuse('breaks the pattern')
    if (value.length < Number(schema.minLength ?? 0)) refuse('is too short')
    if (value.length > Number(schema.maxLength ?? Infinity)) refuse('is too long')
  }
  if (typeof value === 'number') {
    if (value < Number(schema.minimum ?? -Infinity)) refuse('is too small')
    if (value > Number(schema.maximum ?? Infinity)) refuse('is too large')
  }
  return wrong
}

function ofObject(value: unknown, schema: Schema, document: unknown, at: string): string[] {
  if (!isOfType(value, 'object')) return []
  const members = value as Record<string, unknown>
  const properties = (schema.properties ?? {}) as Record<string, Schema>
  const missing = ((schema.required ?? []) as string[]).filter(name => !(name in members))
  return [
    ...missing.map(name => `${at}: ${name} is missing`),
    ...Object.entries(members).flatMap(([name, member]) => {
      const own = properties[name] ?? schema.additionalProperties
      if (own === false) return [`${at}: ${name} is not documented`]
      return typeof own === 'object' ? mismatches(member, own as Schema, document, `${at}/${name}`) : []
    }),
  ]
}

function ofAlternatives(value: unknown, { anyOf, allOf }: Schema, document: unknown, at: string): string[] {
  const all = ((allOf ?? []) as Schema[]).flatMap(each => mismatches(value, each, document, at))
  const any = ((anyOf ?? []) as Schema[]).map(each => mismatches(value, each, document, at))
  return any.length > 0 && any.every(wrong => wrong.length > 0) ? [...all, ...any.flat()] : all
}
