import { z } from 'zod'
import { dayRange, Money } from '../../http/fields.js'
import { PERIODS } from './analytics-queries.js'

export const AskForAnalytics = z.strictObject({
  ...dayRange,
  by: z.enum(PERIODS).default('day').describe('a week begins on Sunday'),
})

const figures = {
  views: z.int().describe('how often somebody else looked at a listing of the shop'),
  orders: z.int().describe('paid'),
  units: z.int(),
  gross: Money.describe('paid, VAT included'),
  refunds: Money.describe('what went back, on the day it did'),
}

export const AnalyticsView = z.object({
  by: z.enum(PERIODS),
  from: z.iso.date(),
  to: z.iso.date(),
  timeZone: z.literal('Asia/Riyadh'),
  totals: z.object(figures),
  items: z.array(z.object({ from: z.iso.date(), to: z.iso.date(), ...figures })),
})
