import type { z } from 'zod'
import type { Company } from './company.js'
import type { CompanyView } from './company-schemas.js'

export function presentCompany(company: Company): z.infer<typeof CompanyView> {
  const { name, vatNumber, idScheme, idValue, address } = company
  const otherId = idScheme && idValue ? { scheme: idScheme, value: idValue } : null
  return { name, vatNumber, otherId, address }
}
