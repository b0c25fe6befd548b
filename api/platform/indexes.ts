import type { Db } from './database.js'
import { AppError } from './errors.js'
import { exclusively } from './exclusive.js'

export type IndexSpec = { name: string; table: string; unique?: boolean; on: string }

/** Every index on a live table that is not a promise of the schema itself. Built one by one, without blocking writes. */
export const INDEXES: readonly IndexSpec[] = [
  { name: 'idx_users_email_status', table: 'users', on: "(email, status) where status = 'ACTIVE'" },
  { name: 'idx_users_phone_verified', table: 'users', on: '(phone) where phone_verified_at is not null' },
  { name: 'idx_users_phone', table: 'users', on: '(phone) where phone is not null' },
  { name: 'idx_users_email_start', table: 'users', on: '(email text_pattern_ops)' },
  { name: 'idx_users_name', table: 'users', on: 'using gin (lower(fold(name)) gin_trgm_ops)' },
  { name: 'idx_users_role', table: 'users', on: '(role, id desc)' },
  { name: 'idx_users_blocked', table: 'users', on: "(id desc) where status = 'BLOCKED'" },
  {
    name: 'idx_sellers_trade_name',
    table: 'sellers',
    on: 'using gin (lower(fold(trade_name)) gin_trgm_ops)',
  },
  { name: 'idx_sessions_user_expires', table: 'sessions', on: '(user_id, expires_at)' },
  { name: 'idx_challenges_target', table: 'challenges', on: '(target, purpose, created_at desc)' },
  { name: 'idx_challenges_user', table: 'challenges', on: '(user_id, purpose) where used_at is null' },
  { name: 'idx_challenges_expires', table: 'challenges', on: '(expires_at)' },
  { name: 'idx_recovery_codes_user', table: 'recovery_codes', on: '(user_id)' },
  { name: 'idx_spent_operations_expires', table: 'spent_operations', on: '(expires_at)' },
  { name: 'idx_api_keys_user', table: 'api_keys', on: '(user_id, created_at desc)' },
  { name: 'idx_orders_buyer_status_created', table: 'orders', on: '(buyer_id, status, created_at desc)' },
  {
    name: 'idx_orders_seller_status',
    table: 'orders',
    on: "(seller_id, status) where status in ('PENDING', 'PROCESSING')",
  },
  { name: 'idx_orders_created_at_desc', table: 'orders', on: '(created_at desc)' },
  { name: 'idx_orders_buyer_id', table: 'orders', on: '(buyer_id, id desc)' },
  { name: 'idx_orders_seller_id', table: 'orders', on: '(seller_id, id desc)' },
  { name: 'idx_orders_seller_created', table: 'orders', on: '(seller_id, created_at desc, id desc)' },
  { name: 'idx_orders_status_created', table: 'orders', on: '(status, created_at desc, id desc)' },
  { name: 'idx_orders_hold', table: 'orders', on: "(hold_expires_at) where status = 'PENDING'" },
  { name: 'idx_order_items_listing', table: 'order_items', on: '(listing_id)' },
  {
    name: 'idx_listings_seller_status',
    table: 'listings',
    on: "(seller_id, status) where status = 'ACTIVE'",
  },
  {
    name: 'idx_listings_category_status',
    table: 'listings',
    on: "(category_id, status) where status = 'ACTIVE'",
  },
  { name: 'idx_listings_newest', table: 'listings', on: "(seq desc) where status = 'ACTIVE'" },
  { name: 'idx_listings_seller_newest', table: 'listings', on: '(seller_id, seq desc)' },
  {
    name: 'idx_listings_search',
    table: 'listings',
    // without a list of pending entries, which every search would read through
    on: "using gin (search) with (fastupdate = off) where status = 'ACTIVE'",
  },
  { name: 'idx_listings_price_range', table: 'listings', on: "(price_halalas) where status = 'ACTIVE'" },
  { name: 'idx_listings_price_seq', table: 'listings', on: "(price_halalas, seq) where status = 'ACTIVE'" },
  { name: 'idx_listing_fitments_model', table: 'listing_fitments', on: '(model_id, listing_id)' },
  { name: 'idx_search_words_begin', table: 'search_words', on: '(word text_pattern_ops)' },
  { name: 'idx_search_words_trigrams', table: 'search_words', on: 'using gin (word gin_trgm_ops)' },
  { name: 'idx_search_numbers_piece', table: 'search_numbers', on: 'using gin (number gin_trgm_ops)' },
  {
    name: 'idx_listings_featured',
    table: 'listings',
    on: '(featured_until) where featured_until is not null',
  },
  { name: 'idx_payments_order', table: 'payment_allocations', on: '(order_id)' },
  { name: 'idx_payments_checkout', table: 'payments', on: '(checkout_id)' },
  { name: 'idx_payments_status_created', table: 'payments', on: '(status, created_at desc)' },
  { name: 'idx_payments_provider_external', table: 'payments', unique: true, on: '(provider, external_id)' },
  { name: 'idx_refunds_order', table: 'refunds', on: '(order_id)' },
  {
    name: 'idx_notifications_unread',
    table: 'notifications',
    on: '(user_id, created_at desc) where read_at is null',
  },
  { name: 'idx_webhook_events_received', table: 'webhook_events', on: '(received_at desc)' },
  { name: 'idx_webhook_events_object', table: 'webhook_events', on: '(object_id)' },
  { name: 'idx_invoices_issued', table: 'invoices', on: '(issued_at, id)' },
  { name: 'idx_invoices_order', table: 'invoices', on: '(order_id)' },
  { name: 'idx_audit_log_order', table: 'audit_log', on: '(order_id) where order_id is not null' },
  {
    name: 'idx_audit_log_actor',
    table: 'audit_log',
    on: '(actor_id, id desc) where actor_id is not null',
  },
  { name: 'idx_audit_log_user', table: 'audit_log', on: '(user_id, id desc) where user_id is not null' },
  // what is done, of each lane, to be looked at and forgotten; what stands failed
  { name: 'idx_outbox_done', table: 'outbox', on: '(lane, done_at) where done_at is not null' },
  {
    name: 'idx_outbox_failed',
    table: 'outbox',
    on: '(lane, failed_at) where failed_at is not null and done_at is null',
  },
  { name: 'idx_idempotency_expires', table: 'idempotency_keys', on: '(expires_at)' },
]

/** Two builds of one index at once end in a deadlock, or in the second dropping the first one's work. */
const INDEX_LOCK = 7_236_002

export type IndexReport = { built: string[]; rebuilt: string[]; present: string[] }

/**
 * Builds what is missing with CREATE INDEX CONCURRENTLY, outside any transaction. An invalid index, left by
 * a build that was cut short, is dropped and built again. Safe to repeat and to interrupt.
 */
export async function createIndexes(
  ownerUrl: string,
  report: (line: string) => void = () => {},
): Promise<IndexReport> {
  const run = {
    ownerUrl,
    application: 'cargoparts-indexes',
    lock: INDEX_LOCK,
    taken: new AppError('conflict', 'indexes.running', 'Another run is building the indexes.'),
    statementMs: 24 * 3_600_000,
  }
  return exclusively(run, async db => {
    const done: IndexReport = { built: [], rebuilt: [], present: [] }
    const standing = await indexStates(db)
    for (const [at, index] of INDEXES.entries()) {
      const valid = standing.get(index.name)
      if (valid === true) {
        done.present.push(index.name)
        continue
      }
      report(`${at + 1}/${INDEXES.length} ${index.name}`)
      if (valid === false) await db.raw('drop index concurrently if exists ??', [index.name])
      await db.raw(
        `create ${index.unique ? 'unique ' : ''}index concurrently if not exists ${index.name} on ${index.table} ${index.on}`,
      )
      done[valid === false ? 'rebuilt' : 'built'].push(index.name)
    }
    return done
  })
}

/** Name to validity, of the indexes in the public schema. */
export async function indexStates(db: Db): Promise<Map<string, boolean>> {
  const { rows } = await db.raw<{ rows: { name: string; valid: boolean }[] }>(`
    select c.relname as name, i.indisvalid as valid
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public'`)
  return new Map(rows.map(row => [row.name, row.valid]))
}
