import type { Context, Middleware } from 'koa'
import helmet from 'koa-helmet'

type Options = NonNullable<Parameters<typeof helmet>[0]>

/**
 * helmet's headers, asked for once: none of ours depends on the request, and a dozen functions a request were dearer
 * than most of what an answer to a provider needs.
 */
export function securityHeaders(options: Options): Middleware {
  const headers = headersOf(options)
  return (ctx, next) => {
    for (const [name, value] of headers) ctx.res.setHeader(name, value)
    return next()
  }
}

function headersOf(options: Options): [string, string][] {
  const headers = new Map<string, string>()
  const res = {
    setHeader: (name: string, value: string) => void headers.set(name, value),
    removeHeader: () => undefined, // X-Powered-By, which koa does not send
  }
  // it asks nothing of a request, and of an answer these two; all of them are set before it returns
  void helmet(options)({ req: {}, res } as unknown as Context, async () => undefined)
  return [...headers]
}
