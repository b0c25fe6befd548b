import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type Router from '@koa/router'

const assets = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
const SERVED = new Map([
  ['swagger-ui.css', 'text/css'],
  ['swagger-ui-bundle.js', 'text/javascript'],
  ['favicon-32x32.png', 'image/png'],
])

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CargoParts API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`
const start = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#ui', deepLinking: true, tryItOutEnabled: true, validatorUrl: null })
`

/** The OpenAPI document and a page to read it with, served by us: nothing comes from outside. */
export function mountDocs(router: Router, document: () => unknown): void {
  // written when first asked for: a start does not wait for it
  let json: string | undefined
  router.get('/openapi.json', ctx => {
    ctx.type = 'application/json'
    json ??= JSON.stringify(document())
    ctx.body = json
  })
  router.redirect('/', '/docs', 302)
  router.get('/docs', ctx => {
    ctx.type = 'text/html'
    ctx.body = page
  })
  router.get('/docs/start.js', ctx => {
    ctx.type = 'text/javascript'
    ctx.body = start
  })
  router.get('/docs/:file', ctx => {
    const file = String(ctx.params.file)
    const type = SERVED.get(file)
    if (type === undefined) return
    ctx.type = type
    ctx.set('Cache-Control', 'public, max-age=86400')
    ctx.body = createReadStream(path.join(assets, file))
  })
}
