import { type Operation, operation } from '../../http/operation.js'
import { presentAnalytics } from './analytics-presenter.js'
import { AnalyticsView, AskForAnalytics } from './analytics-schemas.js'
import type { AnalyticsService } from './analytics-service.js'

export function analyticsOperations(analytics: AnalyticsService): Operation[] {
  return [
    operation({
      id: 'myAnalytics',
      method: 'get',
      path: '/sellers/me/analytics',
      tag: 'Sellers',
      access: ['seller'],
      scope: 'orders:read',
      summary:
        "Views, orders, units, sales and refunds of the caller's shop, by day, week or month in Riyadh",
      query: AskForAnalytics,
      response: AnalyticsView,
      handle: async ({ query, actor }) => presentAnalytics(await analytics.mine(query, actor)),
    }),
  ]
}
