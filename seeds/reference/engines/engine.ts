export type Fuel = 'PETROL' | 'DIESEL' | 'HYBRID' | 'ELECTRIC'

/** The code stamped on the block, or the name buyers know where there is none; electric motors have no litres. */
export type Engine = readonly [
  code: string,
  displacementCc: number | null,
  fuel: Fuel,
  from: number,
  to: number | null,
]

/** By the model's full id. */
export type Engines = Record<string, readonly Engine[]>
