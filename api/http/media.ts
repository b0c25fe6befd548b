import type Router from '@koa/router'
import type { Storage } from '../platform/storage/index.js'

const FILE = /^([0-9a-f]{64})(-\d{2,4}\.webp)$/
/** A year, the most a cache takes: another picture has another address. */
const FOR_EVER = 'public, max-age=31536000, immutable'

/** Pictures of listings, for everybody and for caches on the way. In front of many readers belongs a CDN. */
export function mountMedia(router: Router, storage: Storage): void {
  router.get('/media/:file', async ctx => {
    const [, content = '', ending = ''] = FILE.exec(String(ctx.params.file)) ?? []
    if (content === '') return
    ctx.set('ETag', `"${content.slice(0, 32)}${ending}"`)
    ctx.status = 200
    if (ctx.fresh) {
      ctx.status = 304
      return
    }
    const bytes = await storage.getPublic(storage.publicKey(content, ending))
    if (!bytes) {
      ctx.remove('ETag')
      ctx.status = 404
      return
    }
    ctx.set('Cache-Control', FOR_EVER)
    ctx.set('Cross-Origin-Resource-Policy', 'cross-origin') // shown on the client app's own site
    ctx.type = 'image/webp'
    ctx.body = bytes
  })
}
