import Koa from 'koa'
import pg from 'pg'
import { uuidv7 } from 'uuidv7'
import { listen } from './listen.js'

/** The limit of a write: Koa adding one row to a table of the bench's own, in one prepared statement. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
await pool.query(`create table if not exists bench_scratch
  (id uuid primary key, amount bigint not null, note text not null, created_at timestamptz not null default now())`)
const app = new Koa()
app.use(async ctx => {
  const { rows } = await pool.query({
    name: 'add',
    text: 'insert into bench_scratch (id, amount, note) values ($1, $2, $3) returning id, amount, created_at',
    values: [uuidv7(), 11_500, 'a row'],
  })
  ctx.status = 201
  ctx.body = rows[0]
})
listen(app.callback())
