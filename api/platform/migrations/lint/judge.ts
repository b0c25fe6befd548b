import type { Node } from 'libpg-query'
import { judgeAlter } from './alter.js'
import { type Code, createCode } from './code.js'
import type { Facts } from './facts.js'
import type { RuleName } from './rules.js'
import {
  callsClock,
  callsIn,
  constantOf,
  nameOf,
  namesOf,
  type Place,
  type Statement,
  withIn,
} from './tree.js'

/** What one statement does wrong, to which table. */
export type Verdict = {
  rule: RuleName
  table: string | null
  about?: string
  /** The one that it is said of, and the code around it, where that is inside of what the migration sends. */
  statement?: string
  inside?: readonly string[]
}

/** Goes through the statements of all waiting migrations in their order: what one made, the next may do with as it likes. */
export function createJudge(facts: Facts) {
  const made = new Set<string>()
  const code = createCode(facts)
  const isLive = (table: string | null): boolean =>
    table !== null && !made.has(table) && facts.tables.has(table)

  function judge(statement: Statement, place: Place): Verdict[] {
    const parts = 'CreateFunctionStmt' in statement.node ? [] : withIn(statement.node).flatMap(changes)
    const inside = code.runBy(statement, place.inside).flatMap(part => ofCode(part, place))
    return [...itself(statement.node, place), ...parts, ...inside]
  }

  /** As though all of it ran, whatever its conditions say. */
  function ofCode({ inside, ...part }: Code, place: Place): Verdict[] {
    // a block and a function are always in a transaction
    const within = { ...place, inside, isTransaction: true, isBesideOthers: false }
    const { text, found } =
      'rule' in part
        ? { text: part.text, found: [{ rule: part.rule, table: null, about: part.about }] }
        : { text: part.text, found: judge(part, within) }
    return found.map(verdict => ({ statement: text, inside, ...verdict }))
  }

  function itself(statement: Node, place: Place): Verdict[] {
    if ('CreateStmt' in statement) {
      const name = nameOf(statement.CreateStmt.relation)
      if (name && !facts.tables.has(name)) made.add(name)
      return []
    }
    if ('CreateTableAsStmt' in statement) {
      const name = nameOf(statement.CreateTableAsStmt.into?.rel)
      if (name) made.add(name)
      return []
    }
    if ('AlterTableStmt' in statement) {
      const { relation, cmds = [], objtype } = statement.AlterTableStmt
      const table = nameOf(relation)
      if (objtype !== 'OBJECT_TABLE' || !table || !isLive(table)) return []
      return judgeAlter(table, cmds, facts, place)
    }
    return others(statement, place)
  }

  function others(statement: Node, place: Place): Verdict[] {
    if ('IndexStmt' in statement) {
      const { relation, concurrent, whereClause } = statement.IndexStmt
      const table = nameOf(relation)
      const found: Verdict[] = []
      if (whereClause && callsClock(whereClause)) found.push({ rule: 'predicate-not-immutable', table })
      if (concurrent && (place.isTransaction || place.isBesideOthers))
        found.push({ rule: 'concurrently-in-transaction', table })
      if (isLive(table))
        found.push({ rule: concurrent ? 'concurrently-in-migration' : 'index-blocks-writes', table })
      return found
    }
    if ('RenameStmt' in statement) {
      const { renameType, relation, subname } = statement.RenameStmt
      if (renameType === 'OBJECT_INDEX' || renameType === 'OBJECT_TABCONSTRAINT') return []
      const table = nameOf(relation)
      return table === null || isLive(table)
        ? [{ rule: 'rename', table, ...(subname ? { about: subname } : {}) }]
        : []
    }
    if ('DropStmt' in statement) return drops(statement.DropStmt)
    if ('TruncateStmt' in statement)
      return (statement.TruncateStmt.relations ?? []).flatMap(each => {
        const table = 'RangeVar' in each ? nameOf(each.RangeVar) : null
        return isLive(table) ? [{ rule: 'truncate' as const, table }] : []
      })
    return changes(statement)
  }

  function drops({ removeType, objects = [], concurrent }: import('libpg-query').DropStmt): Verdict[] {
    const names = objects.map(object => namesOf(object).at(-1) ?? '')
    if (removeType === 'OBJECT_TABLE' || removeType === 'OBJECT_VIEW' || removeType === 'OBJECT_MATVIEW')
      return names.filter(isLive).map(table => ({ rule: 'drop-table', table }))
    if (removeType === 'OBJECT_INDEX')
      return names.flatMap(name => {
        const table = facts.indexes.get(name) ?? null
        return isLive(table) && !concurrent ? [{ rule: 'index-drop-locks' as const, table, about: name }] : []
      })
    if (removeType === 'OBJECT_FUNCTION' || removeType === 'OBJECT_PROCEDURE' || removeType === 'OBJECT_TYPE')
      return names
        .filter(name => removeType === 'OBJECT_TYPE' || facts.functions.has(name))
        .map(name => ({ rule: 'drop-code', table: null, about: name }))
    return []
  }

  function changes(statement: Node): Verdict[] {
    const on = (rule: RuleName, table: string | null): Verdict[] => (isLive(table) ? [{ rule, table }] : [])
    if ('UpdateStmt' in statement) return on('data-change', nameOf(statement.UpdateStmt.relation))
    if ('DeleteStmt' in statement) return on('data-change', nameOf(statement.DeleteStmt.relation))
    if ('InsertStmt' in statement) {
      const { selectStmt, relation } = statement.InsertStmt
      const isValues = selectStmt && 'SelectStmt' in selectStmt && selectStmt.SelectStmt.valuesLists
      // rows of its own text are few; those of a query are as many as there are
      return isValues ? [] : on('data-change', nameOf(relation))
    }
    if ('MergeStmt' in statement) return on('data-change', nameOf(statement.MergeStmt.relation))
    if ('LockStmt' in statement)
      return (statement.LockStmt.relations ?? []).flatMap(each =>
        'RangeVar' in each ? on('locks-table', nameOf(each.RangeVar)) : [],
      )
    if ('ClusterStmt' in statement) return on('locks-table', nameOf(statement.ClusterStmt.relation))
    if ('ReindexStmt' in statement) {
      const { relation, params = [] } = statement.ReindexStmt
      const isGentle = params.some(each => 'DefElem' in each && each.DefElem.defname === 'concurrently')
      const name = nameOf(relation)
      return isGentle ? [] : on('locks-table', facts.indexes.get(name ?? '') ?? name)
    }
    if ('VacuumStmt' in statement)
      return (statement.VacuumStmt.rels ?? []).flatMap(each =>
        'VacuumRelation' in each ? on('locks-table', nameOf(each.VacuumRelation.relation)) : [],
      )
    return unseen(statement)
  }

  function unseen(statement: Node): Verdict[] {
    if ('CreateEnumStmt' in statement) return [{ rule: 'enum-type', table: null }]
    if ('VariableSetStmt' in statement) {
      const { name, args = [] } = statement.VariableSetStmt
      return name === 'lock_timeout' && isZero(args[0]) ? [{ rule: 'lock-timeout-off', table: null }] : []
    }
    if ('SelectStmt' in statement)
      return callsIn(statement).flatMap(({ funcname = [], args = [] }) =>
        namesOf(funcname.at(-1))[0] === 'set_config' &&
        constantOf(args[0]) === 'lock_timeout' &&
        isZero(args[1])
          ? [{ rule: 'lock-timeout-off' as const, table: null }]
          : [],
      )
    return []
  }

  return { judge }
}

function isZero(value: Node | undefined): boolean {
  if (value && 'A_Const' in value && value.A_Const.ival !== undefined)
    return (value.A_Const.ival.ival ?? 0) === 0
  return /^0\D*$/.test(constantOf(value) ?? 'x')
}
