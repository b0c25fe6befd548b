import { isIP } from 'node:net'
import type { Middleware } from 'koa'
import { newId } from '../platform/ids.js'
import type { Logger } from '../platform/logger.js'

const ACCEPTABLE = /^[\w-]{8,64}$/

/** Gives each request an id, the caller's own if it is a decent one, and writes one line when it is over. */
export function requestLog(logger: Logger): Middleware {
  return async (ctx, next) => {
    const given = ctx.get('x-request-id')
    const requestId = ACCEPTABLE.test(given) ? given : newId()
    ctx.state.requestId = requestId
    ctx.set('x-request-id', requestId)
    // what a proxy's header holds need not be an address; the database would refuse to store it
    const ip = withoutZone(isIP(ctx.ip) === 0 ? (ctx.socket.remoteAddress ?? '') : ctx.ip)
    if (ip !== ctx.ip) ctx.request.ip = ip
    const start = performance.now()
    await next()
    logger[ctx.state.isQuiet && ctx.status < 400 ? 'debug' : 'info']('api_request', {
      requestId,
      method: ctx.method,
      route: ctx.state.route ?? '(none)',
      status: ctx.status,
      ms: Math.round((performance.now() - start) * 10) / 10,
      ip: ctx.ip,
      userAgent: ctx.get('user-agent').slice(0, 200),
      userId: ctx.state.actor?.kind === 'user' ? ctx.state.actor.id : undefined,
      byKey: ctx.state.actor?.key?.prefix,
    })
  }
}

/** `fe80::1%eth0`: the zone names an interface of the machine that wrote it, and is no part of the address. */
const withoutZone = (ip: string): string => ip.split('%')[0] ?? ''
