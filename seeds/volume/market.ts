import { partKinds } from '../demo/part-kinds.js'
import { makes } from '../reference/makes.js'
import { modelRows } from '../reference/vehicles.js'
import { stableNumber } from '../stable-id.js'
import { randomFrom, ranked } from './random.js'

/** What an invented market is made of. Few things are in many listings, many in few. */

export type Car = { at: number; id: string; makeId: string; ar: string; en: string; from: number; to: number }
export type Kind = { category: string; ar: string; en: string; at: number }

/** Cars as the Kingdom's roads have them; those not named here come after, in an order of no meaning. */
const MOST_SOLD =
  'toyota-camry,toyota-hilux,hyundai-elantra,toyota-corolla,hyundai-accent,toyota-land-cruiser,toyota-yaris,nissan-patrol,hyundai-sonata,nissan-sunny,toyota-prado,ford-taurus,chevrolet-tahoe,gmc-yukon,nissan-altima,honda-accord,kia-cerato,hyundai-tucson,toyota-fortuner,toyota-hiace,kia-optima,gmc-sierra,chevrolet-silverado,mitsubishi-pajero,mitsubishi-lancer,isuzu-d-max,kia-sportage,mazda-6,lexus-es,lexus-lx,ford-explorer,changan-eado,geely-emgrand,mg-5,haval-h6,honda-civic,mazda-cx-5,jeep-grand-cherokee,suzuki-swift'.split(
    ',',
  )
const THIS_YEAR = 2026
const FIRST_YEAR = 2000

const popularity = (modelId: string): number => {
  const rank = MOST_SOLD.indexOf(modelId)
  return rank < 0 ? MOST_SOLD.length + stableNumber(`popular:${modelId}`, 1_000_000) : rank
}

const cars: Car[] = modelRows
  .filter(model => (model.year_to ?? THIS_YEAR) >= FIRST_YEAR)
  .map(model => {
    const [makeAr, makeEn] = makes[model.make_id as keyof typeof makes]
    return {
      id: model.id,
      makeId: model.make_id,
      ar: `${makeAr} ${model.name_ar}`,
      en: `${makeEn} ${model.name_en}`,
      from: Math.max(model.year_from, FIRST_YEAR),
      to: model.year_to ?? THIS_YEAR,
    }
  })
  .sort((a, b) => popularity(a.id) - popularity(b.id))
  .map((car, at) => ({ ...car, at }))

const kinds: Kind[] = Object.values(partKinds).map(([category, ar, en], at) => ({ category, ar, en, at }))

/** Aftermarket labels, as titles name them. */
const BRANDS =
  'Bosch,Denso,Brembo,Mann,NGK,KYB,Aisin,Sachs,Febi,Mahle,Valeo,TRW,Gates,SKF,Hella,Textar,Monroe,Dayco,Akebono,Nibk,Sakura,Depo,TYC,GMB,Koyo,NTN,Ajusa,Elring,Lemforder,Meyle,Topran,Swag,Blueprint,Ashika,Japanparts,Herth,Kayaba,Nissens,Behr,Luk,Exedy,Beru,Champion,Delphi,Hitachi,Mobiltron,Osram,Philips,Varta,ACDelco'.split(
    ',',
  )

/** Names of product lines: invented, tens of thousands of them, most in a handful of titles. */
const SYLLABLES =
  'ba,de,fi,go,hu,ka,le,mi,no,pu,ra,se,ti,vo,xu,za,bri,cro,dra,flo,gra,kri,plo,sti,tra,vel,nor,mar,lin,dex,tor,max'.split(
    ',',
  )
const LINES = 24_000
export const lineName = (at: number): string => {
  const part = (n: number) => SYLLABLES[n % SYLLABLES.length] as string
  return part(at) + part(at >> 5) + part((at >> 10) + 7) + (at % 3 === 0 ? part(at >> 3) : '')
}

export const lines = Array.from({ length: LINES }, (_, at) => lineName(at))
export const pickCar = ranked(cars, 0.9)
export const pickKind = ranked(kinds, 0.7)
export const pickBrand = ranked(BRANDS, 0.8)
export const pickLine = ranked(lines, 1)

/** The maker's number of a part for a car: the same for everybody who sells it. */
export function makersNumber(car: Car, kind: Kind, variant: number): string {
  const five = (seed: number) => 10_000 + Math.floor(randomFrom(seed)() * 90_000)
  return `${five(kind.at * 2 + variant)}-${five(((car.at + 1) * 1_000 + kind.at) * 2 + variant)}`
}

/** Every word that can stand in a title. */
export const titleWords = (): { titleAr: string; titleEn: string; brand: string }[] => [
  ...cars.map(car => ({ titleAr: car.ar, titleEn: car.en, brand: '' })),
  ...kinds.map(kind => ({ titleAr: kind.ar, titleEn: kind.en, brand: '' })),
  ...lines.map(line => ({ titleAr: '', titleEn: line, brand: '' })),
  ...BRANDS.map(brand => ({ titleAr: '', titleEn: '', brand })),
]
