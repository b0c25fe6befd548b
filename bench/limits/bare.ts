import { listen } from './listen.js'

/** The limit of everything: node itself answering a small JSON. */
listen((_request, response) => {
  const body = JSON.stringify({ hello: 'world' })
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
  response.end(body)
})
