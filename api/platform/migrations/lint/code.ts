import { type CreateFunctionStmt, type DefElem, type Node, parsePlPgSQLSync } from 'libpg-query'
import type { Facts } from './facts.js'
import type { RuleName } from './rules.js'
import { calledIn, constantOf, namesOf, type Statement, statementsOf } from './tree.js'

type Part = Statement | { rule: RuleName; about: string; text: string }
/** A statement that code sends, or what cannot be seen of it; and the code around it. */
export type Code = Part & { inside: readonly string[] }

const RUN_CODE = new Set([
  'SelectStmt',
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'CallStmt',
  'CreateTableAsStmt',
])

/**
 * What runs when a statement does, and does not stand in it: the block of a DO, and the routines that it calls, those that
 * the migration made just before included. To make a routine runs nothing.
 */
export function createCode(facts: Facts) {
  const made = new Map<string, Statement[]>()
  const isDisturbable = [...facts.tables.keys()].some(name => !name.startsWith('knex_migrations'))

  function runBy(statement: Statement, around: readonly string[]): Code[] {
    const { node } = statement
    if ('CreateFunctionStmt' in node) remember(node.CreateFunctionStmt, statement)
    if ('DoStmt' in node) return within([...around, 'do'], blockOf(node.DoStmt.args, statement))
    if (!RUN_CODE.has(Object.keys(node)[0] ?? '')) return []
    return calledBy(node).flatMap(name => {
      const label = `${name}()`
      // one that calls itself does nothing else the second time
      if (around.includes(label)) return []
      return within([...around, label], called(name, node))
    })
  }

  /** An empty database has nobody to disturb. */
  function within(inside: readonly string[], parts: Part[]): Code[] {
    return parts
      .filter(part => isDisturbable || !('rule' in part))
      .map(part => ({ ...part, inside }) satisfies Code)
  }

  function remember({ funcname = [], replace }: CreateFunctionStmt, statement: Statement): void {
    const name = namesOf(funcname.at(-1))[0] ?? ''
    made.set(name, [...(replace ? [] : (made.get(name) ?? [])), statement])
  }

  function called(name: string, by: Node): Part[] {
    const known = made.get(name) ?? (facts.routines.get(name) ?? []).flatMap(statementsOf)
    if (known.length === 0 && 'CallStmt' in by)
      return [{ rule: 'unseen-code', about: 'it is not to be found', text: `call ${name}` }]
    return known.flatMap(routine =>
      'CreateFunctionStmt' in routine.node ? bodyOf(routine.node.CreateFunctionStmt, routine) : [],
    )
  }

  return { runBy }
}

/** CALL holds its call in a place of its own. */
function calledBy(node: Node): string[] {
  const own = 'CallStmt' in node ? namesOf(node.CallStmt.funccall?.funcname?.at(-1)) : []
  return [...new Set([...own, ...calledIn(node)])]
}

function blockOf(args: Node[] | undefined, statement: Statement): Part[] {
  const language = optionOf(args, 'language') ?? 'plpgsql'
  return language === 'plpgsql' ? ofPlpgsql(statement.text) : [unseen(language, statement.text)]
}

function bodyOf({ options, sql_body: standard }: CreateFunctionStmt, { text }: Statement): Part[] {
  const language = optionOf(options, 'language') ?? 'sql'
  if (standard) return nodesIn(standard).map(node => ({ node, text }))
  if (language === 'sql') return readable(optionOf(options, 'as') ?? '')
  return language === 'plpgsql' ? ofPlpgsql(text) : [unseen(language, text)]
}

/** `text`: the whole of a DO, or of a CREATE FUNCTION: its parameters are variables of the body. */
function ofPlpgsql(text: string): Part[] {
  try {
    // the parser knows no tables, and so none of their row types
    const { plpgsql_funcs } = parsePlPgSQLSync(
      text.replace(/[\w."]+\s*%\s*rowtype/gi, 'record'),
    ) as unknown as {
      plpgsql_funcs: unknown[]
    }
    return sentBy(plpgsql_funcs, '')
  } catch (error) {
    return [{ rule: 'unseen-code', about: (error as Error).message, text }]
  }
}

type Expression = { query: string; parseMode: number }
/** RAW_PARSE_DEFAULT: a statement. Then: a type, an expression, an assignment. */
const [STATEMENT, TYPE, EXPRESSION] = [0, 1, 2]

/** Every statement and every expression of a block, in the order in which they stand. */
function sentBy(tree: unknown, around: string): Part[] {
  if (Array.isArray(tree)) return tree.flatMap(each => sentBy(each, around))
  if (typeof tree !== 'object' || tree === null) return []
  return Object.entries(tree).flatMap(([key, value]) => {
    const isText = key === 'dynquery' || (key === 'query' && /_dyn(execute|fors)$/.test(around))
    if (isText) return executed((value as { PLpgSQL_expr: Expression }).PLpgSQL_expr.query)
    if (key === 'PLpgSQL_expr') return evaluated(value as Expression)
    return sentBy(value, key.startsWith('PLpgSQL_') ? key : around)
  })
}

function evaluated({ query, parseMode }: Expression): Part[] {
  if (parseMode === STATEMENT) return readable(query)
  if (parseMode === TYPE) return []
  return readable(`select ${parseMode === EXPRESSION ? query : assigned(query)}`)
}

/** What `target := value` or `target = value` puts there. */
const assigned = (assignment: string): string =>
  assignment.replace(assignment.includes(':=') ? /^.*?:=/s : /^.*?=/s, '')

/** EXECUTE: judged where its text stands there, whole. */
function executed(expression: string): Part[] {
  const [select] = readable(`select ${expression}`)
  if (!select || 'rule' in select) return select ? [select] : []
  const [target] = ('SelectStmt' in select.node && select.node.SelectStmt.targetList) || []
  const text = target && 'ResTarget' in target ? constantOf(target.ResTarget.val) : undefined
  return text === undefined
    ? [{ rule: 'dynamic-sql', about: 'EXECUTE', text: `execute ${expression}` }]
    : readable(text)
}

function readable(query: string): Part[] {
  try {
    return statementsOf(query)
  } catch (error) {
    return [{ rule: 'not-readable', about: (error as Error).message, text: query }]
  }
}

const unseen = (language: string, text: string): Part => ({
  rule: 'unseen-code',
  about: `language ${language}`,
  text,
})

/** `begin atomic`: its statements, already read. */
function nodesIn(body: Node): Node[] {
  return 'List' in body ? (body.List.items ?? []).flatMap(nodesIn) : [body]
}

function optionOf(options: Node[] | undefined, name: string): string | undefined {
  const found = (options ?? []).flatMap(option => ('DefElem' in option ? [option.DefElem as DefElem] : []))
  return namesOf(found.find(({ defname }) => defname === name)?.arg)[0]
}
