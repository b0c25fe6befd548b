import { Readable } from 'node:stream'
import { type Operation, operation } from '../../../http/operation.js'
import { MOST_BYTES } from './csv-bytes.js'
import { reportLines } from './import-presenter.js'
import { ImportLine, ImportOptions } from './import-schemas.js'
import type { ImportService } from './import-service.js'

export function importOperations(imports: ImportService): Operation[] {
  return [
    operation({
      id: 'importListings',
      method: 'post',
      path: '/listings/import',
      tag: 'Listings',
      access: ['seller'],
      scope: 'listings:write',
      summary: 'Create and change listings from a CSV file, with a report on each row',
      query: ImportOptions,
      upload: { type: 'text/csv', limit: MOST_BYTES },
      response: ImportLine,
      responseType: 'application/x-ndjson',
      errors: {
        'sellers.suspended': 'conflict',
        'imports.not_utf8': 'malformed',
        'imports.bad_csv': 'malformed',
        'imports.line_too_long': 'malformed',
        'imports.too_many_rows': 'too_large',
        'imports.unknown_columns': 'invalid',
        'imports.repeated_columns': 'invalid',
        'imports.missing_column': 'invalid',
      },
      handle: async ({ query, upload, actor, locale }) => {
        const { chunks } = await imports.open(upload, { ...query, locale }, actor)
        return Readable.from(reportLines(chunks, locale))
      },
    }),
  ]
}
