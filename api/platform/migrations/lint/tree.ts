import type { Node, RangeVar } from 'libpg-query'

/** Where a statement stands. */
export type Place = {
  /** Its migration runs as one transaction. */
  isTransaction: boolean
  /** It is sent with others in one query, which PostgreSQL takes as one transaction too. */
  isBesideOthers: boolean
  /** Constraints that this migration added without validating them. */
  addedNotValid: Set<string>
}

/** Tables of other schemas are not ours to judge. */
export function nameOf(relation: RangeVar | undefined): string | null {
  if (!relation?.relname) return null
  return relation.schemaname === undefined || relation.schemaname === 'public' ? relation.relname : null
}

/** The parts of a dotted name, as DROP and function calls have it. */
export function namesOf(node: Node | undefined): string[] {
  if (!node) return []
  if ('List' in node) return (node.List.items ?? []).flatMap(namesOf)
  if ('String' in node) return [node.String.sval ?? '']
  if ('TypeName' in node) return (node.TypeName.names ?? []).flatMap(namesOf)
  if ('ObjectWithArgs' in node) return (node.ObjectWithArgs.objname ?? []).flatMap(namesOf)
  return []
}

/** Every function that an expression calls. */
export function calledIn(tree: unknown): string[] {
  if (Array.isArray(tree)) return tree.flatMap(calledIn)
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([key, value]) => {
    const inside = calledIn(value)
    if (key !== 'FuncCall') return key === 'SQLValueFunction' ? ['current_timestamp', ...inside] : inside
    const { funcname = [] } = value as { funcname?: Node[] }
    return [namesOf(funcname.at(-1)).at(-1) ?? '', ...inside]
  })
}

const CLOCK = new Set([
  'now',
  'current_timestamp',
  'clock_timestamp',
  'statement_timestamp',
  'transaction_timestamp',
  'timeofday',
])

export const callsClock = (tree: unknown): boolean => calledIn(tree).some(name => CLOCK.has(name))
