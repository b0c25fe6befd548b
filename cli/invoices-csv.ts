import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import type { Invoice } from '../api/modules/invoices/invoice.js'
import type { InvoiceService, IssuedBetween } from '../api/modules/invoices/invoice-service.js'
import { riyadhLocal } from '../api/platform/clock.js'
import { toSar } from '../api/platform/money.js'
import { walk } from '../api/platform/page.js'
import { plainCell as text } from './csv-cell.js'
import { refusedFile } from './refused-file.js'

const COLUMNS = [
  'number',
  'kind',
  'issued_at',
  'seller',
  'cr_number',
  'vat_number',
  'buyer',
  'order',
  'net_sar',
  'vat_sar',
  'rounding_sar',
  'total_sar',
  'currency',
]

/** Writes the documents as CSV (RFC 4180), page by page. Returns how many. A file appears only when it is complete. */
export async function exportCsv(
  invoices: InvoiceService,
  between: IssuedBetween,
  to: { file?: string | undefined; excel: boolean },
): Promise<number> {
  let rows = 0
  const page = (after: string | undefined, limit: number) =>
    invoices.issuedAfter(after ? seen(after) : undefined, limit, between)
  async function* cells() {
    for await (const invoice of walk(page, position)) {
      rows += 1
      yield row(invoice)
    }
  }
  const csv = stringify({ header: true, columns: COLUMNS, bom: to.excel })
  if (to.file === undefined) {
    await pipeline(Readable.from(cells()), csv, process.stdout, { end: false })
    return rows
  }
  const part = `${to.file}.${process.pid}.part`
  try {
    await pipeline(Readable.from(cells()), csv, createWriteStream(part, { flags: 'wx' }))
    await rename(part, to.file)
  } catch (error) {
    await rm(part, { force: true })
    throw refusedFile(error, to.file, 'written') ?? error
  }
  return rows
}

const position = (invoice: Invoice): string => `${invoice.issuedAt.toISOString()} ${invoice.id}`

function seen(after: string): { issuedAt: Date; id: string } {
  const [at = '', id = ''] = after.split(' ')
  return { issuedAt: new Date(at), id }
}

function row(invoice: Invoice): string[] {
  return [
    invoice.number,
    invoice.kind,
    `${riyadhLocal(invoice.issuedAt)}+03:00`,
    text(invoice.sellerName),
    text(invoice.sellerCr),
    text(invoice.sellerVat ?? ''),
    text(invoice.buyerName),
    invoice.orderNumber,
    toSar(invoice.netHalalas),
    toSar(invoice.vatHalalas),
    toSar(invoice.roundingHalalas),
    toSar(invoice.totalHalalas),
    'SAR',
  ]
}
