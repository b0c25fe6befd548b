import type { IndexSpec } from './spec.js'

export const MONEY: readonly IndexSpec[] = [
  {
    name: 'idx_payments_order',
    table: 'payment_allocations',
    on: '(order_id)',
    asked: 'orders:show, webhooks:list --order, refunds',
    query: 'select payment_id from payment_allocations where order_id = $1',
    why: 'a payment is for a checkout; its share of an order is the allocation. Also the foreign key',
  },
  {
    name: 'idx_payments_checkout',
    table: 'payments',
    on: '(checkout_id)',
    asked: 'GET /checkouts/:id/payments',
    query: 'select id from payments where checkout_id = $1 order by id desc',
    why: 'all of them: the unique index holds those alone that are open. Also the foreign key',
  },
  {
    name: 'idx_payments_status_created',
    table: 'payments',
    on: '(status, created_at desc)',
    asked: 'the newest payments in a state; what the provider is asked about again',
    query: "select id from payments where status = 'UNDER_REVIEW' order by created_at desc limit 21",
    why: 'the few that stand in an unusual state',
  },
  {
    name: 'idx_payments_provider_external',
    table: 'payments',
    unique: true,
    on: '(provider, external_id)',
    asked: 'every event of a provider',
    query: "select id from payments where provider = 'tap' and external_id = $1",
    why: 'a provider’s charge belongs to one payment',
  },
  {
    name: 'idx_refunds_order',
    table: 'refunds',
    on: '(order_id)',
    asked: 'orders:show, webhooks:list --order, invoices:generate',
    query: 'select id from refunds where order_id = $1',
    why: 'the refunds of an order; also the foreign key',
  },
  {
    name: 'idx_invoices_issued',
    table: 'invoices',
    on: '(issued_at, id)',
    asked: 'invoices:export',
    query:
      'select id from invoices where (issued_at, id) > ($1::timestamptz, $2::uuid) order by issued_at, id limit 500',
    why: 'pages of a file of any length',
  },
  {
    name: 'idx_invoices_order',
    table: 'invoices',
    on: '(order_id)',
    asked: 'GET /orders/:id/invoices',
    query: 'select id from invoices where order_id = $1 order by issued_at, id',
    why: 'credit notes, too: the unique index holds the other documents alone',
  },
]
