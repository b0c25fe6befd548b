import Koa from 'koa'
import { listen } from './listen.js'

/** The limit of the framework: Koa answering a small JSON. */
const app = new Koa()
app.use(ctx => {
  ctx.body = { hello: 'world' }
})
listen(app.callback())
