/** What we use of it. The published types are of another major version, and bring ioredis 4 along. */
declare module 'koa-ratelimit' {
  import type { Context, Middleware } from 'koa'

  type Counter = {
    ratelimiter(
      key: string,
      now: number,
      durationMs: number,
      max: number,
      peek: '0' | '1',
    ): Promise<[remaining: number, reset: number, total: number]>
  }
  export default function ratelimit(options: {
    driver: 'redis'
    db: Counter
    id(ctx: Context): string
    max: number
    duration: number
    disableHeader: boolean
    onLimited(ctx: Context): void
  }): Middleware
}
