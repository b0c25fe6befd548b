import { z } from 'zod'
import { pageOf, paging, typed } from '../../http/fields.js'
import { FUELS } from './reference.js'

export const slug = z.string().regex(/^[a-z0-9-]{1,80}$/)
export const year = typed(z.coerce.number().int().min(1950).max(2100))

const Names = z.object({ ar: z.string(), en: z.string() })
const Years = z.object({ from: z.int(), to: z.int().nullable().describe('null: still sold') })
const named = z.object({ id: z.string(), name: Names })

export const MakeList = z.object({ items: z.array(named) })
export const CategoryList = z.object({
  items: z.array(
    named.extend({
      parentId: z.string().nullable(),
      words: z.array(z.string()).describe('other words people search with'),
    }),
  ),
})

export const FindVehicles = z.strictObject({ make: slug.optional(), year: year.optional(), ...paging })
export const VehiclePage = pageOf(
  named.extend({
    makeId: z.string(),
    years: Years,
    engines: z.array(
      z.object({
        id: z.string(),
        code: z.string(),
        displacementCc: z.int().nullable().describe('null: electric'),
        fuel: z.enum(FUELS),
        years: Years,
      }),
    ),
  }),
)
