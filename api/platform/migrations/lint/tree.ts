import { type FuncCall, type Node, parseSync, type RangeVar } from 'libpg-query'

export type Statement = { node: Node; text: string }

/** The statements of a query. Throws where PostgreSQL's parser does; it has to be loaded. */
export function statementsOf(query: string): Statement[] {
  // positions are of bytes; the text may be Arabic
  const bytes = Buffer.from(query)
  return (parseSync(query).stmts ?? []).flatMap(({ stmt, stmt_location: from = 0, stmt_len: length }) => {
    const text = bytes.subarray(from, length === undefined ? undefined : from + length).toString()
    return stmt ? [{ node: stmt, text }] : []
  })
}

/** Where a statement stands. */
export type Place = {
  /** The code that it is a part of, from the outside in: `do`, or a routine with its brackets. */
  inside: readonly string[]
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

/** Every call in it, those inside of others too. */
export function callsIn(tree: unknown): FuncCall[] {
  return partsOf(tree, 'FuncCall') as FuncCall[]
}

/** The names of all functions that it calls. */
export function calledIn(tree: unknown): string[] {
  const names = callsIn(tree).map(({ funcname = [] }) => namesOf(funcname.at(-1)).at(-1) ?? '')
  return partsOf(tree, 'SQLValueFunction').length > 0 ? [...names, 'current_timestamp'] : names
}

/** What WITH puts before a statement, wherever in it. */
export const withIn = (tree: unknown): Node[] =>
  (partsOf(tree, 'CommonTableExpr') as { ctequery?: Node }[]).flatMap(({ ctequery }) => ctequery ?? [])

/** All nodes of a kind, in their order. */
export function partsOf(tree: unknown, kind: string): unknown[] {
  if (Array.isArray(tree)) return tree.flatMap(each => partsOf(each, kind))
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([key, value]) => {
    const inside = partsOf(value, kind)
    return key === kind ? [value, ...inside] : inside
  })
}

/** The text that an expression always is: a literal, or several put together. */
export function constantOf(node: Node | undefined): string | undefined {
  if (!node) return undefined
  if ('A_Const' in node) return node.A_Const.sval?.sval
  if ('TypeCast' in node) return constantOf(node.TypeCast.arg)
  if (!('A_Expr' in node) || namesOf(node.A_Expr.name?.[0])[0] !== '||') return undefined
  const [left, right] = [constantOf(node.A_Expr.lexpr), constantOf(node.A_Expr.rexpr)]
  return left === undefined || right === undefined ? undefined : left + right
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
