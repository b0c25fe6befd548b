import { z } from 'zod'

/** What the tester says a register knows of a firm. */
export const FirmSchema = z.object({
  name: z.string().min(1).max(300).optional(),
  status: z.enum(['active', 'suspended', 'cancelled']).optional(),
  inLiquidation: z.boolean().optional(),
  city: z.string().max(100).optional(),
})
export type Firm = z.infer<typeof FirmSchema>

export type Firms = ReturnType<typeof createFirms>

/**
 * The commercial register and the banks of the sandbox. Every number is a firm in good order, but what the tester said
 * otherwise, and those whose last digits say so themselves: …00 is not registered, …01 suspended, …02 in liquidation,
 * …03 makes the register fail.
 */
export function createFirms() {
  const told = new Map<string, Firm>()
  return {
    set: (number: string, firm: Firm): void => void told.set(number, { ...told.get(number), ...firm }),
    find(number: string): (Required<Firm> & { isKnown: boolean; fails: boolean }) | undefined {
      const firm = told.get(number)
      const ending = firm ? '' : number.slice(-2)
      if (ending === '00') return undefined
      return {
        name: firm?.name ?? `منشأة السجل ${number}`,
        status: firm?.status ?? (ending === '01' ? 'suspended' : 'active'),
        inLiquidation: firm?.inLiquidation ?? ending === '02',
        city: firm?.city ?? 'الرياض',
        isKnown: firm !== undefined,
        fails: ending === '03',
      }
    },
    clear: (): void => told.clear(),
  }
}
