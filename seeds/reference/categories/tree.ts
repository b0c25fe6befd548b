/** Words are parted by commas: what people type for this and for nothing else, the name's own words too. */
export type Leaf = readonly [id: string, nameAr: string, nameEn: string, wordsAr: string, wordsEn: string]

export type Root = readonly [
  id: string,
  nameAr: string,
  nameEn: string,
  wordsAr: string,
  wordsEn: string,
  leaves: readonly Leaf[],
]
