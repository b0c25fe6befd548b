import { z } from 'zod'

/** The calls a fault can be put on. */
export const OPERATIONS = [
  'charge.create',
  'charge.get',
  'charge.change',
  'charge.list',
  'authorize.create',
  'authorize.get',
  'authorize.void',
  'refund.create',
  'refund.get',
  'refund.list',
  'mixpanel.import',
  'hyperpay.prepare',
  'hyperpay.result',
  'hyperpay.query',
  'hyperpay.manage',
] as const
export type Operation = (typeof OPERATIONS)[number]

const where = {
  /** Only this call; any call when left out. */
  on: z.enum(OPERATIONS).optional(),
  /** How many calls it spoils; one when left out. */
  times: z.int().min(1).max(1_000_000).default(1),
}
const HOUR_MS = 3_600_000

export const FaultSchema = z.discriminatedUnion('kind', [
  /** Answers with this status and does nothing. */
  z.strictObject({ kind: z.literal('status'), status: z.int().min(400).max(599), ...where }),
  /** Does the work and answers late. */
  z.strictObject({ kind: z.literal('stall'), milliseconds: z.int().min(0).max(HOUR_MS), ...where }),
  /** Does the work and answers with half of the JSON. */
  z.strictObject({ kind: z.literal('garble'), ...where }),
  /** Cuts the connection: `after` the work, an unknown outcome to the caller, or `before` it. */
  z.strictObject({ kind: z.literal('drop'), when: z.enum(['after', 'before']).default('after'), ...where }),
])
export type Fault = z.input<typeof FaultSchema>
export type ActiveFault = z.output<typeof FaultSchema>

export type Faults = ReturnType<typeof createFaults>

export function createFaults() {
  let faults: ActiveFault[] = []
  return {
    add(fault: Fault): void {
      faults.push(FaultSchema.parse(fault))
    },
    list: (): readonly ActiveFault[] => faults,
    clear(): void {
      faults = []
    },
    /** The fault for this call, if any; the oldest first. */
    take(operation: Operation): ActiveFault | undefined {
      const fault = faults.find(({ on }) => on === undefined || on === operation)
      if (!fault) return undefined
      const left = { ...fault, times: fault.times - 1 }
      faults = faults.flatMap(each => (each !== fault ? [each] : left.times > 0 ? [left] : []))
      return fault
    },
  }
}
