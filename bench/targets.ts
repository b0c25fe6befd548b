import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { withClient } from '../test/support/template.js'
import { vehicleQueries } from './catalogue.js'

/** What a target asks for, path by path. */
export type Target = { name: string; paths: string[]; token?: string }

/** Things of this catalogue to ask for: the same ones in every run over the same catalogue. */
export type Sample = { ids: string[]; buyable: string[]; partNumbers: string[] }

const IDS = 2_000
const PART_NUMBERS = 300
/** So many of one listing that no run of orders sells it out. */
const STOCK = 10
const FEWEST = 200

export function takeSample(ownerUrl: string): Promise<Sample> {
  return withClient(ownerUrl, async client => {
    const column = async (name: string, where: string, salt: string, limit: number): Promise<string[]> => {
      const { rows } = await client.query(
        `select ${name} as value from listings where status = 'ACTIVE' and ${where}
         order by md5($1 || id::text) limit $2`,
        [salt, limit],
      )
      return rows.map(row => row.value)
    }
    const sample = {
      ids: await column('id', 'true', 'detail', IDS),
      buyable: await column('id', `stock >= ${STOCK}`, 'order', IDS),
      partNumbers: await column('part_number', 'true', 'number', PART_NUMBERS),
    }
    if (sample.buyable.length < FEWEST)
      throw new Error(
        `Only ${sample.buyable.length} listings have a stock of ${STOCK}: buyers need ${FEWEST}.`,
      )
    return sample
  })
}

/** The same as `detail`, asked by somebody who is signed in. */
export const SIGNED_IN = 'detail, signed in'
const LISTINGS = '/api/v1/listings'
export const searchPath = (query: string): string => `${LISTINGS}?q=${encodeURIComponent(query)}`

export function targetsOf(sample: Sample, queries: string[], token: string): Target[] {
  const details = sample.ids.map(id => `${LISTINGS}/${id}`)
  return [
    { name: 'detail', paths: details },
    { name: SIGNED_IN, paths: details, token },
    { name: 'list', paths: [`${LISTINGS}?limit=20`] },
    { name: 'part number', paths: sample.partNumbers.map(writtenVariously).map(searchPath) },
    { name: 'search', paths: queries.map(searchPath) },
    { name: 'vehicle', paths: vehicleQueries().map(query => `${LISTINGS}?${query}`) },
  ]
}

/** As buyers type a part number: as it is printed, in one piece, or with blanks. */
export function writtenVariously(partNumber: string, at: number): string {
  if (at % 3 === 0) return partNumber
  return partNumber.replace(/[-./\s]+/g, at % 3 === 1 ? '' : ' ').trim()
}

/** A file of paths for the load tool. */
export function pathsFile(folder: string, { name, paths }: Target): string {
  const file = path.join(folder, `${name.replaceAll(' ', '-')}.paths`)
  writeFileSync(file, `${paths.join('\n')}\n`)
  return file
}
