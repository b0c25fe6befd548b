import type { z } from 'zod'
import { halalas, sum } from '../../platform/money.js'
import type { Figures } from './analytics-queries.js'
import type { AnalyticsView } from './analytics-schemas.js'
import type { Series } from './analytics-service.js'

export function presentAnalytics({ by, from, to, items }: Series): z.infer<typeof AnalyticsView> {
  return {
    by,
    from,
    to,
    timeZone: 'Asia/Riyadh',
    totals: present(totalsOf(items)),
    items: items.map(item => ({ from: item.from, to: item.to, ...present(item) })),
  }
}

type Amounts = Omit<Figures, 'from' | 'to'>

const present = ({ views, orders, units, grossHalalas, refundedHalalas }: Amounts) => ({
  views,
  orders,
  units,
  gross: { amount: grossHalalas, currency: 'SAR' as const },
  refunds: { amount: refundedHalalas, currency: 'SAR' as const },
})

function totalsOf(items: Figures[]): Amounts {
  const count = (name: 'views' | 'orders' | 'units') => items.reduce((total, item) => total + item[name], 0)
  const amount = (name: 'grossHalalas' | 'refundedHalalas') => sum(items.map(item => halalas(item[name])))
  return {
    views: count('views'),
    orders: count('orders'),
    units: count('units'),
    grossHalalas: amount('grossHalalas'),
    refundedHalalas: amount('refundedHalalas'),
  }
}
