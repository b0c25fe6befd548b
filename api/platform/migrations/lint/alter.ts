import type { AlterTableCmd, ColumnDef, Constraint, Node } from 'libpg-query'
import type { Facts } from './facts.js'
import type { Verdict } from './judge.js'
import type { RuleName } from './rules.js'
import { calledIn, namesOf, type Place } from './tree.js'

const REWRITING = new Set([
  'AT_SetLogged',
  'AT_SetUnLogged',
  'AT_SetTableSpace',
  'AT_SetAccessMethod',
  'AT_SetExpression',
])
const SERIAL = /^(small|big)?serial[248]?$/

/** The parts of ALTER TABLE on a table that is in use. */
export function judgeAlter(table: string, commands: Node[], facts: Facts, place: Place): Verdict[] {
  return commands.flatMap(node => {
    if (!('AlterTableCmd' in node)) return []
    return ofCommand(node.AlterTableCmd).map(({ rule, about }) => ({
      rule,
      table,
      ...(about ? { about } : {}),
    }))
  })

  type Found = { rule: RuleName; about?: string | undefined }

  function ofCommand({ subtype, name, def }: AlterTableCmd): Found[] {
    if (subtype === 'AT_AddColumn' && def && 'ColumnDef' in def) return addedColumn(def.ColumnDef)
    if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def) return addedConstraint(def.Constraint)
    if (subtype === 'AT_AlterColumnType' && def && 'ColumnDef' in def)
      return typeChange(name ?? '', def.ColumnDef)
    if (subtype === 'AT_DropColumn') return [{ rule: 'drop-column', about: name }]
    if (subtype === 'AT_SetNotNull')
      return facts.tables.get(table)?.neverNull.has(name ?? '')
        ? []
        : [{ rule: 'not-null-scans', about: name }]
    if (subtype === 'AT_ValidateConstraint')
      return place.isTransaction && place.addedNotValid.has(`${table}.${name}`)
        ? [{ rule: 'validate-with-add', about: name }]
        : []
    if (subtype && REWRITING.has(subtype)) return [{ rule: 'table-rewrites', about: name }]
    return []
  }

  function addedColumn({ colname, typeName, constraints = [] }: ColumnDef): Found[] {
    const parts = constraints.flatMap(node => ('Constraint' in node ? [node.Constraint] : []))
    const has = (type: Constraint['contype']) => parts.find(({ contype }) => contype === type)
    const found: Found[] = []
    const value = has('CONSTR_DEFAULT')?.raw_expr
    const isNumbered = has('CONSTR_IDENTITY') !== undefined || SERIAL.test(namesOfType(typeName?.names))
    const generated = has('CONSTR_GENERATED')
    if (isNumbered || (generated && generated.generated_kind !== 'v') || (value && isVolatile(value)))
      found.push({ rule: 'column-rewrites', about: colname })
    else if (has('CONSTR_NOTNULL') && !generated && (!value || isNull(value)))
      found.push({ rule: 'column-without-default', about: colname })
    if (has('CONSTR_CHECK')) found.push({ rule: 'check-scans', about: colname })
    if (has('CONSTR_UNIQUE') || has('CONSTR_PRIMARY')) found.push({ rule: 'unique-blocks', about: colname })
    // of a column that is null in every row there is nothing to look up
    if (has('CONSTR_FOREIGN') && value && !isNull(value))
      found.push({ rule: 'foreign-key-scans', about: colname })
    return found
  }

  function addedConstraint({ contype, conname, skip_validation, indexname, raw_expr }: Constraint): Found[] {
    const about = conname
    const narrower = contype === 'CONSTR_CHECK' ? wordsLost(conname ?? '', raw_expr) : []
    const found: Found[] = narrower.length > 0 ? [{ rule: 'check-narrows', about: narrower.join(', ') }] : []
    if (skip_validation) {
      place.addedNotValid.add(`${table}.${conname}`)
      return found
    }
    if (contype === 'CONSTR_CHECK') return [...found, { rule: 'check-scans', about }]
    if (contype === 'CONSTR_FOREIGN') return [{ rule: 'foreign-key-scans', about }]
    if (contype === 'CONSTR_NOTNULL') return [{ rule: 'not-null-scans', about }]
    if (contype === 'CONSTR_EXCLUSION') return [{ rule: 'exclude-blocks', about }]
    const isUnique = contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY'
    return isUnique && !indexname ? [{ rule: 'unique-blocks', about }] : []
  }

  /** Words that a check of this name allows now, and the new one does not name. */
  function wordsLost(name: string, expression: Node | undefined): string[] {
    const before = facts.tables.get(table)?.checks.get(name) ?? ''
    const kept = wordsIn(expression)
    return [...before.matchAll(/'((?:[^']|'')*)'::text/g)].flatMap(([, word = '']) =>
      kept.has(word) ? [] : [word],
    )
  }

  /** Only the name of the type changes from varchar to text: no row does. */
  function typeChange(column: string, { typeName }: ColumnDef): Found[] {
    const before = facts.tables.get(table)?.columns.get(column) ?? ''
    const isText = namesOfType(typeName?.names) === 'text' && /^character varying/.test(before)
    return isText ? [] : [{ rule: 'type-change', about: column }]
  }

  function isVolatile(value: Node): boolean {
    return calledIn(value).some(name => facts.volatile.has(name))
  }
}

/** The texts that stand in an expression. */
function wordsIn(tree: unknown): Set<string> {
  if (Array.isArray(tree)) return new Set(tree.flatMap(each => [...wordsIn(each)]))
  if (typeof tree !== 'object' || tree === null) return new Set()
  return new Set(
    Object.entries(tree).flatMap(([key, value]) =>
      key === 'sval' && typeof value === 'string'
        ? [value]
        : key === 'sval'
          ? [(value as { sval?: string }).sval ?? '']
          : [...wordsIn(value)],
    ),
  )
}

const namesOfType = (names: Node[] = []): string => names.flatMap(namesOf).at(-1) ?? ''
const isNull = (value: Node): boolean => 'A_Const' in value && value.A_Const.isnull === true
