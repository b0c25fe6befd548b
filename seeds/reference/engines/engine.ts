export type Fuel = 'PETROL' | 'DIESEL' | 'HYBRID' | 'ELECTRIC'

/** The code on the block, or else the name buyers know; an electric motor has no litres. */
export type Engine = readonly [
  code: string,
  displacementCc: number | null,
  fuel: Fuel,
  from: number,
  to: number | null,
]

/** By the model's full id. */
export type Engines = Record<string, readonly Engine[]>
