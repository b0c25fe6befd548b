import { loadModule } from 'libpg-query'
import { createDatabase } from '../../database.js'
import { type Recorded, recordMigrations } from '../recorder.js'
import { type MigrationSource, migrationSource, migrationStatus } from '../source.js'
import { type Facts, LARGE_BYTES, LARGE_ROWS, readFacts } from './facts.js'
import { createJudge, type Verdict } from './judge.js'
import { RULES, type RuleName } from './rules.js'
import { type Place, type Statement, statementsOf } from './tree.js'

export type Finding = {
  migration: string
  rule: RuleName
  /** `danger` fails the check. `note`: harmless at the size the table has now. `accepted`: its author says why. */
  severity: 'danger' | 'note' | 'accepted'
  table: string | null
  /** As the last ANALYZE guessed, or as assumed; null where it is about no table. */
  rows: number | null
  bytes: number | null
  about: string | null
  /** The code that the statement is a part of, from the outside in: `do`, `forget_all()`. */
  inside: readonly string[]
  statement: string
  why: string
  instead: string
  accepted: string | null
}
export type LintReport = { judged: string[]; findings: Finding[] }
export type LintOptions = { source?: MigrationSource; assumedRows?: number; names?: readonly string[] }

/** Judges the migrations that wait, by the tables of this very database. Writes nothing. */
export async function lintMigrations(ownerUrl: string, options: LintOptions = {}): Promise<LintReport> {
  const { source = migrationSource, assumedRows } = options
  const db = createDatabase({
    url: ownerUrl,
    application: 'cargoparts-lint',
    poolMin: 0,
    poolMax: 1,
    statementMs: 60_000,
  })
  try {
    const pending = options.names ?? (await migrationStatus(db, source)).pending
    const [facts] = await Promise.all([readFacts(db, assumedRows), loadModule()])
    const [ups, downs] = [
      await recordMigrations(ownerUrl, pending, 'up', source),
      await recordMigrations(ownerUrl, pending, 'down', source),
    ]
    const judge = createJudge(facts)
    const findings: Finding[] = []
    for (const [at, up] of ups.entries()) {
      const verdicts = [...judged(judge.judge, up), ...wayDown(up, downs[at])]
      findings.push(...verdicts.map(verdict => finding(verdict, up, facts)))
    }
    return { judged: [...pending], findings }
  } finally {
    await db.destroy()
  }
}

type Told = Verdict & { statement: string }

function judged(judge: (statement: Statement, place: Place) => Verdict[], up: Recorded): Told[] {
  const place: Place = {
    isTransaction: up.migration.config?.transaction !== false,
    isBesideOthers: false,
    addedNotValid: new Set(),
    inside: [],
  }
  const told: Told[] = []
  for (const query of [...up.statements, ...(up.stoppedAt === null ? [] : [up.stoppedAt])]) {
    let statements: Statement[]
    try {
      statements = statementsOf(query)
    } catch (error) {
      told.push({ rule: 'not-readable', table: null, about: (error as Error).message, statement: query })
      continue
    }
    place.isBesideOthers = statements.length > 1
    for (const statement of statements)
      told.push(...judge(statement, place).map(verdict => ({ statement: statement.text, ...verdict })))
  }
  if (up.stoppedBy !== null)
    told.push({ rule: 'not-judged', table: null, about: up.stoppedBy, statement: '' })
  const locked = new Set(
    told.filter(({ table, rule }) => table && LOCKING.has(rule)).map(({ table }) => table),
  )
  if (place.isTransaction && locked.size > 1)
    told.push({ rule: 'several-tables', table: null, about: [...locked].join(', '), statement: '' })
  return told
}

const LOCKING = new Set<RuleName>([
  ...([
    'index-blocks-writes',
    'index-drop-locks',
    'column-rewrites',
    'type-change',
    'not-null-scans',
  ] as const),
  ...([
    'check-scans',
    'foreign-key-scans',
    'unique-blocks',
    'table-rewrites',
    'drop-column',
    'data-change',
  ] as const),
])

function wayDown({ migration, statements }: Recorded, down: Recorded | undefined): Told[] {
  if (typeof migration.down !== 'function')
    return [{ rule: 'no-down', table: null, about: 'there is none', statement: '' }]
  // what it would do may hang on what the way up made
  const isEmpty = down !== undefined && down.stoppedBy === null && down.statements.length === 0
  return isEmpty && leavesSomething(statements)
    ? [{ rule: 'no-down', table: null, about: 'it does nothing', statement: '' }]
    : []
}

/** What was looked through stays looked through: validating in a migration of its own has nothing to take back. */
function leavesSomething(queries: readonly string[]): boolean {
  try {
    return !queries.flatMap(statementsOf).every(({ node }) => {
      if ('VariableSetStmt' in node) return true
      if (!('AlterTableStmt' in node)) return false
      return (node.AlterTableStmt.cmds ?? []).every(
        each => 'AlterTableCmd' in each && each.AlterTableCmd.subtype === 'AT_ValidateConstraint',
      )
    })
  } catch {
    return true
  }
}

function finding(
  { rule, table, about, statement, inside = [] }: Told,
  { name, migration }: Recorded,
  facts: Facts,
): Finding {
  const { why, instead, ...more } = RULES[rule]
  const size = table === null ? undefined : facts.tables.get(table)
  const isLarge = size !== undefined && (size.rows >= LARGE_ROWS || size.bytes >= LARGE_BYTES)
  const accepted = migration.accepted?.[rule] ?? null
  const isDanger = 'breaks' in more || isLarge
  return {
    migration: name,
    rule,
    severity: accepted !== null ? 'accepted' : isDanger ? 'danger' : 'note',
    table,
    rows: size?.rows ?? null,
    bytes: size?.bytes ?? null,
    about: about ?? null,
    inside,
    statement: statement.replace(/\s+/g, ' ').trim().slice(0, 200),
    why,
    instead,
    accepted,
  }
}
