import { createHash } from 'node:crypto'

/** A UUIDv7 whose time is given and whose random part comes from the name: the same row on every machine. */
export function stableId(name: string, at: Date): string {
  const time = at.getTime().toString(16).padStart(12, '0')
  const hash = digest(name).toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-8${hash.slice(3, 6)}-${hash.slice(6, 18)}`
}

/** A whole number from 0 to below `limit` that belongs to the name. */
export function stableNumber(name: string, limit: number): number {
  return digest(name).readUIntBE(0, 6) % limit
}

function digest(name: string): Buffer {
  return createHash('sha256').update(`cargoparts:${name}`).digest()
}
