import { z } from 'zod'
import { type Operation, operation } from '../../http/operation.js'
import { AppError } from '../../platform/errors.js'
import type { HealthService } from './health-service.js'

const tag = 'Health'
const HealthView = z.object({
  status: z.enum(['healthy', 'unhealthy']),
  checks: z.object({
    app: z.boolean(),
    database: z.boolean(),
    redis: z.boolean(),
    timestamp: z.iso.datetime(),
  }),
  metrics: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('with ?detailed=true, for officers and admins'),
})
const ReadyView = z.object({ ready: z.boolean(), reasons: z.array(z.string()) })

export function healthOperations(health: HealthService): Operation[] {
  return [
    operation({
      id: 'health',
      method: 'get',
      path: '/health',
      tag,
      access: 'anyone',
      limit: 'health',
      summary: 'Is the system well? 200 healthy, 503 unhealthy; HEAD is the readiness probe',
      query: z.strictObject({ detailed: z.stringbool().default(false) }),
      response: HealthView,
      errors: { 'auth.required': 'unauthenticated', 'auth.forbidden': 'forbidden' },
      handle: async ({ query, actor, ctx }) => {
        if (ctx.method === 'HEAD') return probe(ctx, await health.ready())
        if (
          query.detailed &&
          !(actor.kind === 'user' && (actor.role === 'officer' || actor.role === 'admin'))
        ) {
          throw actor.kind === 'user'
            ? new AppError('forbidden', 'auth.forbidden', 'Details are for officers and admins.')
            : new AppError('unauthenticated', 'auth.required', 'Sign in first.')
        }
        const report = await health.check()
        ctx.status = report.status === 'healthy' ? 200 : 503
        return query.detailed && report.checks.database
          ? { ...report, metrics: await health.metrics() }
          : report
      },
    }),
    operation({
      id: 'ready',
      method: 'get',
      path: '/health/ready',
      tag,
      access: 'anyone',
      limit: 'health',
      ignoresToken: true,
      summary:
        'May traffic come? Database reachable, migrations current, not draining; with a commit, only from its release',
      query: z.strictObject({
        commit: z.string().max(64).optional().describe('503 `other_release` from any other than this'),
      }),
      response: ReadyView,
      handle: async ({ ctx, query }) => probe(ctx, await health.ready(query.commit)),
    }),
    operation({
      id: 'live',
      method: 'get',
      path: '/health/live',
      tag,
      access: 'anyone',
      limit: 'health',
      ignoresToken: true,
      summary: 'Is the process alive? Touches no dependency',
      response: z.object({ alive: z.literal(true) }),
      handle: async () => ({ alive: true }),
    }),
  ]
}

function probe(ctx: { status: number }, result: { ready: boolean; reasons: string[] }) {
  ctx.status = result.ready ? 200 : 503
  return result
}
