import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { presentCompany } from './company-presenter.js'
import { CompanyView, KeepCompany } from './company-schemas.js'
import type { CompanyService } from './company-service.js'

const own = { tag: 'Accounts', access: SIGNED_IN, path: '/account/company' } as const

export function companyOperations(companies: CompanyService): Operation[] {
  return [
    operation({
      ...own,
      id: 'myCompany',
      method: 'get',
      summary: "The caller's firm",
      response: CompanyView,
      errors: { 'companies.not_found': 'not_found' },
      handle: async ({ actor }) => presentCompany(await companies.own(actor)),
    }),
    operation({
      ...own,
      id: 'keepCompany',
      method: 'put',
      summary: 'Keep a firm: what the caller buys gets a tax invoice in its name',
      body: KeepCompany,
      response: CompanyView,
      handle: async ({ body, actor }) => presentCompany(await companies.keep(body, actor)),
    }),
    operation({
      ...own,
      id: 'removeCompany',
      method: 'delete',
      summary: 'Buy as a person again',
      handle: async ({ actor }) => companies.remove(actor),
    }),
  ]
}
