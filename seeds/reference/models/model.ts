/** Model years as sold in the Kingdom: the first, and the last or null for one still sold. */
export type Model = readonly [
  slug: string,
  nameAr: string,
  nameEn: string,
  from: number,
  to: number | null,
  otherNames?: readonly string[],
]

export type Models = Record<string, readonly Model[]>
