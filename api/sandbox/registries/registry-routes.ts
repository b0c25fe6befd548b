import { z } from 'zod'
import { type Answer, type Call, json, type Route, readJson } from '../http.js'
import type { Firms } from './firms.js'

type Deps = { firms: Firms; apiKey: string }

/** Wathq's words for a registration's state, by their ids. */
const STATES = {
  active: { id: 1, name: 'نشط' },
  suspended: { id: 2, name: 'معلق' },
  cancelled: { id: 3, name: 'مشطوب' },
} as const

const AccountQuestion = z.object({ iban: z.string(), identifier: z.string() })

/**
 * Two registers: Wathq's commercial registration (`/wathq/commercial-registration/fullinfo/:id`, header apiKey), and
 * account ownership by an aggregator (`/accounts/accountverification/v1/verify`, bearer). An account is its holder's
 * unless its last digits are 00 (somebody else's) or 01 (the bank has still to answer).
 */
export function registryRoutes({ firms, apiKey }: Deps): Route[] {
  return [
    {
      method: 'GET',
      path: '/wathq/commercial-registration/fullinfo/:id',
      handle: call =>
        call.headers.apikey === apiKey ? firm(firms, call.params.id ?? '') : refused(401, 'Invalid API key'),
    },
    {
      method: 'POST',
      path: '/accounts/accountverification/v1/verify',
      handle: call =>
        call.headers.authorization === `Bearer ${apiKey}` ? account(call) : refused(401, 'Unauthorized'),
    },
  ]
}

function firm(firms: Firms, id: string): Answer {
  if (!/^\d{10}$/.test(id)) return refused(400, 'Invalid commercial registration number')
  const found = firms.find(id)
  if (!found) return refused(404, 'No results found')
  if (found.fails) return refused(500, 'Internal server error')
  const isUnified = id.startsWith('7')
  return json(200, {
    crNumber: isUnified ? `1010${id.slice(4)}` : id,
    crNationalNumber: isUnified ? id : `7${id.slice(1)}`,
    name: found.name,
    entityType: { id: 1, name: 'شركة' },
    status: { ...STATES[found.status], confirmationDate: { gregorian: '2026-01-15', hijri: '1447-07-26' } },
    issueDateGregorian: '2019-05-12',
    headquarterCityName: found.city,
    hasEcommerce: true,
    inLiquidationProcess: found.inLiquidation,
    activities: [{ id: '453011', name: 'بيع قطع غيار المركبات' }],
  })
}

async function account(call: Call): Promise<Answer> {
  const question = AccountQuestion.safeParse(await readJson(call))
  if (!question.success) return refused(400, 'iban and identifier are required')
  const ending = question.data.iban.slice(-2)
  const status = ending === '00' ? 'NOT_VERIFIED' : ending === '01' ? 'PENDING' : 'VERIFIED'
  return json(200, { id: `av_${question.data.iban.slice(-6)}`, status })
}

const refused = (status: number, message: string): Answer => json(status, { code: String(status), message })
