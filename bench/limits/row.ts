import Koa from 'koa'
import pg from 'pg'
import { listen } from './listen.js'

/** The limit of a read: Koa answering one listing, by its id, in one prepared statement. */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
const app = new Koa()
app.use(async ctx => {
  const { rows } = await pool.query({
    name: 'listing',
    text: `select id, title_ar, title_en, description_ar, description_en, part_number, brand, price_halalas,
             stock, status, created_at, updated_at
           from listings where id = $1`,
    values: [ctx.path.slice(1)],
  })
  if (rows[0]) ctx.body = rows[0]
})
listen(app.callback())
