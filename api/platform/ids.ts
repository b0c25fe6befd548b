import { getRandomValues } from 'node:crypto'
import { V7Generator } from 'uuidv7'

/** Drawn in advance, 4 KiB at a time: the system's own generator is dearer to ask than all the rest of an id. */
const drawn = new Uint32Array(1_024)
let next = drawn.length

const generator = new V7Generator({
  nextUint32() {
    if (next === drawn.length) {
      getRandomValues(drawn)
      next = 0
    }
    return drawn[next++] as number
  },
})

/** A UUIDv7 (RFC 9562): ordered by time, so that primary keys append instead of scattering. */
export const newId = (): string => generator.generate().toString()
