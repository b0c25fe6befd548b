/** What can go wrong, and how the same is done without harm. `breaks`: whatever the size, the release that still runs. */
type Rule = { why: string; instead: string; breaks?: true }

const EXPAND = 'expand, deploy, contract'

export const RULES = {
  'index-blocks-writes': {
    why: 'CREATE INDEX keeps every write of the table waiting until it is built',
    instead: 'declare it in api/platform/indexes and run `cargoparts indexes:create` after the deploy',
  },
  'concurrently-in-transaction': {
    why: 'CONCURRENTLY cannot run inside a transaction, nor as one of several statements of a query',
    instead:
      'declare it in api/platform/indexes: indexes:create builds it outside of one, and finds left-overs',
    breaks: true,
  },
  'concurrently-in-migration': {
    why: 'a build that gives up (the lock time-out ends one even on a small table) leaves an invalid index behind',
    instead:
      'declare it in api/platform/indexes: indexes:create has time-outs of its own, and finds left-overs',
  },
  'predicate-not-immutable': {
    why: 'the time may not stand in an index predicate: PostgreSQL refuses it, and it could not stay true',
    instead: 'make the time column a key of the index, and compare it in the query',
    breaks: true,
  },
  'index-drop-locks': {
    why: 'DROP INDEX takes the table from everybody, and queues behind whatever is long',
    instead:
      'drop index concurrently, by hand, after the deploy; first take it off the list of api/platform/indexes',
  },
  'column-rewrites': {
    why: 'the default is another for each row (or the column is stored or numbered): the table is rewritten, and nobody reads it meanwhile',
    instead:
      'add the column without it, set the default for new rows, then backfill in batches (db:backfill)',
  },
  'column-without-default': {
    why: 'NOT NULL without a default: it fails where rows are, and the running release writes rows without it',
    instead: 'give it a constant default, or add it nullable and backfill it (db:backfill)',
    breaks: true,
  },
  'type-change': {
    why: 'another type rewrites the table and its indexes, and nobody reads it meanwhile',
    instead: `${EXPAND}: a new column, written by both, backfilled; then read; the old one goes a release later`,
  },
  'not-null-scans': {
    why: 'SET NOT NULL reads the whole table while nobody else may',
    instead:
      'add constraint … check (column is not null) not valid; validate it in a migration of its own; then set not null, which believes it',
  },
  'check-scans': {
    why: 'a new check reads the whole table while nobody else may',
    instead: 'add it NOT VALID (it holds for new rows at once), and validate it in a migration of its own',
  },
  'check-narrows': {
    why: 'a word that was allowed is not any more: the release that still runs may write it, and is refused',
    instead: `${EXPAND}: allow both; the old word goes a release after the last that writes it`,
    breaks: true,
  },
  'foreign-key-scans': {
    why: 'a new foreign key reads the whole table while nobody writes to it or to what it points to',
    instead: 'add it NOT VALID, and validate it in a migration of its own',
  },
  'unique-blocks': {
    why: 'a unique constraint builds its index while nobody else may use the table',
    instead: 'declare a unique index in api/platform/indexes; then add constraint … unique using index',
  },
  'exclude-blocks': {
    why: 'an exclusion constraint builds its index while nobody else may use the table, and cannot be made otherwise',
    instead: 'a new table that has it from the start, filled in batches',
  },
  'validate-with-add': {
    why: 'validated in the transaction that added it, a constraint is read through under the lock of the adding',
    instead: 'validate it in a migration of its own',
  },
  'table-rewrites': {
    why: 'the table is rewritten, and nobody reads it meanwhile',
    instead: 'a new table, filled in batches; or pg_repack, by hand',
  },
  'locks-table': {
    why: 'it keeps the table from others for as long as it takes',
    instead: 'the form with CONCURRENTLY, by hand; or none of it',
  },
  'data-change': {
    why: 'rows stay locked, and old versions pile up, until the whole of it is done',
    instead: 'a backfill: in batches, each a transaction (db:backfill)',
  },
  'drop-column': {
    why: 'the release that still runs reads it, and everything in it is lost',
    instead: `${EXPAND}: first a release that does not name it; then accept this with that release's number`,
    breaks: true,
  },
  'drop-table': {
    why: 'the release that still runs reads it, and everything in it is lost',
    instead: `${EXPAND}: first a release that does not name it; then accept this with that release's number`,
    breaks: true,
  },
  'drop-code': {
    why: 'the release that still runs calls it',
    instead: `${EXPAND}: make the new one under another name; the old one goes a release later`,
    breaks: true,
  },
  rename: {
    why: 'the release that still runs knows it by its old name only',
    instead: `${EXPAND}: the new one beside the old, written by both, backfilled; the old one goes a release later`,
    breaks: true,
  },
  truncate: { why: 'everything in it is lost', instead: 'delete what is over, in batches', breaks: true },
  'enum-type': {
    why: 'values of an enum can be added and never taken away, and a word it lacks is an error in every query',
    instead: 'text with a check constraint',
  },
  'lock-timeout-off': {
    why: 'without a lock time-out it waits for as long as others hold the table, and everybody waits behind it',
    instead: 'leave the time-out to db:migrate: it gives way after 10 s, and tries again',
    breaks: true,
  },
  'several-tables': {
    why: 'several live tables stay locked until the last is done, and each may be in another order in a request: deadlocks',
    instead: 'a migration for each',
  },
  'no-down': {
    why: 'what a release cannot take back cannot be tried out',
    instead: 'export async function down(db), which undoes it',
    breaks: true,
  },
  'not-readable': { why: 'PostgreSQL’s own parser does not understand it', instead: 'mend it', breaks: true },
  'dynamic-sql': {
    why: 'the text of an EXECUTE is put together while it runs: what it does cannot be judged',
    instead:
      'write the statement out, or put its text together in the migration’s own code: what reaches the database is judged, and db:migrate --dry-run shows it',
    breaks: true,
  },
  'unseen-code': {
    why: 'what this code does cannot be judged: it is not SQL or plpgsql, or not to be found, or not understood',
    instead: 'plain statements; or look at it yourself, and accept it with the reason',
    breaks: true,
  },
  'not-judged': {
    why: 'it reads what a waiting migration before it makes, so the rest of it cannot be told yet',
    instead: 'run db:lint again once that one is applied; or do not read in a migration',
  },
} as const satisfies Record<string, Rule>

export type RuleName = keyof typeof RULES
