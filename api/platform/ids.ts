import { uuidv7 } from 'uuidv7'

/** A UUIDv7 (RFC 9562): ordered by time, so that primary keys append instead of scattering. */
export const newId = (): string => uuidv7()
