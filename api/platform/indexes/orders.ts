import type { IndexSpec } from './spec.js'

export const ORDERS: readonly IndexSpec[] = [
  {
    name: 'idx_orders_buyer_status_created',
    table: 'orders',
    on: '(buyer_id, status, created_at desc)',
    asked: 'GET /orders/search by buyer and status',
    query:
      'select id from orders where buyer_id = $1 and status = $2 order by created_at desc, id desc limit 21',
    why: 'a buyer’s orders in one state, already in their order',
    besides: ['idx_orders_buyer_id'],
  },
  {
    name: 'idx_orders_seller_status',
    table: 'orders',
    on: "(seller_id, status) where status in ('PENDING', 'PROCESSING')",
    asked: 'what a seller has to see to',
    query: "select id from orders where seller_id = $1 and status = 'PROCESSING'",
    why: 'the open ones are few beside all that were delivered',
  },
  {
    name: 'idx_orders_created_at_desc',
    table: 'orders',
    on: '(created_at desc)',
    asked: 'GET /orders/search, by time',
    query:
      "select id from orders where created_at >= '2000-01-01Z' order by created_at desc, id desc limit 21",
    why: 'the newest of all',
  },
  {
    name: 'idx_orders_buyer_id',
    table: 'orders',
    on: '(buyer_id, id desc)',
    asked: 'GET /orders of a buyer',
    query: 'select id from orders where buyer_id = $1 and id < $2 order by id desc limit 21',
    why: 'pages go on by id, which the index with status in the middle cannot give in order',
  },
  {
    name: 'idx_orders_seller_id',
    table: 'orders',
    on: '(seller_id, id desc)',
    asked: 'GET /sellers/me/orders',
    query: 'select id from orders where seller_id = $1 and id < $2 order by id desc limit 21',
    why: 'pages go on by id',
  },
  {
    name: 'idx_orders_seller_created',
    table: 'orders',
    on: '(seller_id, created_at desc, id desc)',
    asked: 'GET /orders/search by seller',
    query: 'select id from orders where seller_id = $1 order by created_at desc, id desc limit 21',
    why: 'officers see times, which are not the order of ids in imported rows',
  },
  {
    name: 'idx_orders_status_created',
    table: 'orders',
    on: '(status, created_at desc, id desc)',
    asked: 'GET /orders/search by status',
    query: "select id from orders where status = 'SHIPPED' order by created_at desc, id desc limit 21",
    why: 'the newest in one state, however rare it is',
  },
  {
    name: 'idx_orders_hold',
    table: 'orders',
    on: "(hold_expires_at) where status = 'PENDING'",
    asked: 'recurring work: let holds expire',
    query:
      "select id from orders where status = 'PENDING' and hold_expires_at <= '2000-01-01Z' order by id limit 100",
    why: 'every minute; unpaid orders alone are in it',
    besides: ['idx_orders_status_created'],
  },
  {
    name: 'idx_order_items_listing',
    table: 'order_items',
    on: '(listing_id)',
    asked: 'which orders a listing is in',
    query: 'select order_id from order_items where listing_id = $1',
    why: 'a recalled or disputed part; also the foreign key',
  },
]
