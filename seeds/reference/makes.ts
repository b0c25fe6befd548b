/** Makes sold in the Kingdom: id, Arabic name as its dealers write it, English name. */
export const makes = {
  toyota: ['تويوتا', 'Toyota'],
  hyundai: ['هيونداي', 'Hyundai'],
  kia: ['كيا', 'Kia'],
  nissan: ['نيسان', 'Nissan'],
  ford: ['فورد', 'Ford'],
  chevrolet: ['شفروليه', 'Chevrolet'],
  gmc: ['جي إم سي', 'GMC'],
  honda: ['هوندا', 'Honda'],
  mazda: ['مازدا', 'Mazda'],
  mitsubishi: ['ميتسوبيشي', 'Mitsubishi'],
  isuzu: ['إيسوزو', 'Isuzu'],
  suzuki: ['سوزوكي', 'Suzuki'],
  lexus: ['لكزس', 'Lexus'],
  'mercedes-benz': ['مرسيدس', 'Mercedes-Benz'],
  bmw: ['بي إم دبليو', 'BMW'],
  jeep: ['جيب', 'Jeep'],
  changan: ['شانجان', 'Changan'],
  geely: ['جيلي', 'Geely'],
  mg: ['إم جي', 'MG'],
  haval: ['هافال', 'Haval'],
} satisfies Record<string, readonly [nameAr: string, nameEn: string]>

export type MakeId = keyof typeof makes

export const makeRows = Object.entries(makes).map(([id, [nameAr, nameEn]]) => ({
  id,
  name_ar: nameAr,
  name_en: nameEn,
}))
