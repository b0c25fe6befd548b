import { z } from 'zod'
import { ById, id } from '../../http/fields.js'
import { type Operation, operation, SIGNED_IN } from '../../http/operation.js'
import { presentInvoice } from './invoice-presenter.js'
import { InvoiceList, InvoiceView } from './invoice-schemas.js'
import type { InvoiceService } from './invoice-service.js'

const tag = 'Invoices'

export function invoiceOperations(invoices: InvoiceService): Operation[] {
  return [
    operation({
      id: 'listInvoices',
      method: 'get',
      path: '/invoices',
      tag,
      access: SIGNED_IN,
      scope: 'invoices:read',
      revalidates: true,
      summary: 'The documents of an order',
      query: z.strictObject({ orderId: id }),
      response: InvoiceList,
      handle: async ({ query, actor }) => ({
        items: (await invoices.ofOrder(query.orderId, actor)).map(presentInvoice),
      }),
    }),
    operation({
      id: 'getInvoice',
      method: 'get',
      path: '/invoices/:id',
      tag,
      access: SIGNED_IN,
      scope: 'invoices:read',
      revalidates: true,
      summary: 'A tax invoice, bill or credit note',
      params: ById,
      response: InvoiceView,
      handle: async ({ params, actor }) => presentInvoice(await invoices.get(params.id, actor)),
    }),
    operation({
      id: 'getInvoiceXml',
      method: 'get',
      path: '/invoices/:id/xml',
      tag,
      access: SIGNED_IN,
      scope: 'invoices:read',
      revalidates: true,
      summary: 'The document as UBL 2.1, byte for byte as it was issued',
      params: ById,
      response: z.string(),
      responseType: 'application/xml',
      errors: { 'invoices.no_xml': 'not_found' },
      handle: async ({ params, actor }) => invoices.xmlOf(params.id, actor),
    }),
  ]
}
