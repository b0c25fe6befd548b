import type { IndexSpec } from './spec.js'

export const RECORDS: readonly IndexSpec[] = [
  {
    name: 'idx_notifications_unread',
    table: 'notifications',
    on: '(user_id, created_at desc) where read_at is null',
    asked: 'what somebody has not read yet',
    query:
      'select id from notifications where user_id = $1 and read_at is null order by created_at desc limit 21',
    why: 'unread ones stay few, however many there were',
  },
  {
    name: 'idx_webhook_events_received',
    table: 'webhook_events',
    on: '(received_at desc)',
    asked: 'webhooks:list',
    query:
      "select id from webhook_events where received_at >= '2000-01-01Z' order by received_at desc limit 50",
    why: 'the newest of all',
  },
  {
    name: 'idx_webhook_events_object',
    table: 'webhook_events',
    on: '(object_id)',
    asked: 'webhooks:list --order',
    query: 'select id from webhook_events where object_id = any($1::text[])',
    why: 'what the provider said about one charge',
  },
  {
    name: 'idx_activity_logs_user_created',
    table: 'activity_logs',
    on: '(user_id, created_at desc)',
    asked: 'what somebody did lately',
    query: 'select id from activity_logs where user_id = $1 order by created_at desc limit 21',
    why: 'one person’s among everybody’s',
  },
  {
    name: 'idx_seller_analytics_date',
    table: 'seller_analytics',
    on: '(seller_id, date desc)',
    asked: 'GET /sellers/me/analytics',
    query: 'select * from seller_analytics where seller_id = $1 order by date desc limit 31',
    why: 'a seller’s last days',
    besides: ['seller_analytics_pkey'],
  },
  {
    name: 'idx_audit_log_order',
    table: 'audit_log',
    on: '(order_id) where order_id is not null',
    asked: 'the history of an order',
    query: 'select id from audit_log where order_id = $1 order by id',
    why: 'most entries are about no order',
  },
  {
    name: 'idx_audit_log_actor',
    table: 'audit_log',
    on: '(actor_id, id desc) where actor_id is not null',
    asked: 'GET /users/:id/history: what somebody did',
    query: 'select id from audit_log where actor_id = $1 and id < $2 order by id desc limit 21',
    why: 'pages go on by id',
  },
  {
    name: 'idx_audit_log_user',
    table: 'audit_log',
    on: '(user_id, id desc) where user_id is not null',
    asked: 'GET /users/:id/history: what was done about somebody',
    query: 'select id from audit_log where user_id = $1 and id < $2 order by id desc limit 21',
    why: 'pages go on by id',
  },
  {
    name: 'idx_outbox_done',
    table: 'outbox',
    on: '(lane, done_at) where done_at is not null',
    asked: 'queues:jobs; recurring work: forget what is done',
    query:
      "select id from outbox where lane = 'orders' and done_at is not null and done_at < $1 order by done_at limit 500",
    why: 'what is done, of each lane, to be looked at and forgotten',
  },
  {
    name: 'idx_outbox_failed',
    table: 'outbox',
    on: '(lane, failed_at) where failed_at is not null and done_at is null',
    asked: 'queues:status, queues:jobs --state failed',
    query:
      "select id from outbox where lane = 'orders' and failed_at is not null and done_at is null order by failed_at limit 50",
    why: 'the few that stand failed among all that are done',
  },
  {
    name: 'idx_idempotency_expires',
    table: 'idempotency_keys',
    on: '(expires_at)',
    asked: 'recurring work: forget old keys',
    query: "delete from idempotency_keys where expires_at < '2000-01-01Z'",
    why: 'what is over is deleted without reading what is not',
  },
]
