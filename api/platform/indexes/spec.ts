/** An index as it is declared: what it is, which query it is for, and why that is worth what it costs each write. */
export type IndexSpec = {
  name: string
  table: string
  unique?: boolean
  /** What stands after `on <table>`. A predicate is made of constants: `now()` would be refused, and could not be right. */
  on: string
  /** Who asks: operations, commands, recurring work. */
  asked: string
  /** What they ask, as PostgreSQL gets it; `$1` … may be of any value, and constants the planner needs stand there. */
  query: string
  why: string
  /** Other indexes that answer the same query as well, so that either may be taken: docs/adr says why it stays. */
  besides?: readonly string[]
}
