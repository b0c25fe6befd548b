import { americanEngines } from './engines/american.js'
import { chineseEngines } from './engines/chinese.js'
import type { Engines, Fuel } from './engines/engine.js'
import { europeanEngines } from './engines/european.js'
import { japaneseEngines } from './engines/japanese.js'
import { koreanEngines } from './engines/korean.js'
import { toyotaEngines } from './engines/toyota.js'
import type { MakeId } from './makes.js'
import { americanA } from './models/american-a.js'
import { americanB } from './models/american-b.js'
import { chineseA } from './models/chinese-a.js'
import { chineseB } from './models/chinese-b.js'
import { chineseC } from './models/chinese-c.js'
import { european } from './models/european.js'
import { germanA } from './models/german-a.js'
import { germanB } from './models/german-b.js'
import { hondaMazda } from './models/honda-mazda.js'
import { koreanA } from './models/korean-a.js'
import { koreanB } from './models/korean-b.js'
import { luxury } from './models/luxury.js'
import { mitsubishiSuzuki } from './models/mitsubishi-suzuki.js'
import type { Model } from './models/model.js'
import { nissan } from './models/nissan.js'
import { toyota } from './models/toyota.js'
import { trucks } from './models/trucks.js'

/** The make's id and the model's own: 'toyota-camry'. */
export type ModelId = string

export type ModelRow = {
  id: ModelId
  make_id: MakeId
  name_ar: string
  name_en: string
  year_from: number
  year_to: number | null
  words: string[]
}

export type EngineRow = {
  id: string
  model_id: ModelId
  code: string
  displacement_cc: number | null
  fuel: Fuel
  year_from: number
  year_to: number | null
}

/** Typed so that a make without a model, or a model of no make, does not compile. */
const models: Record<MakeId, readonly Model[]> = {
  ...toyota,
  ...nissan,
  ...hondaMazda,
  ...mitsubishiSuzuki,
  ...koreanA,
  ...koreanB,
  ...germanA,
  ...germanB,
  ...americanA,
  ...americanB,
  ...european,
  ...luxury,
  ...chineseA,
  ...chineseB,
  ...chineseC,
  ...trucks,
}

const engines: Engines = {
  ...toyotaEngines,
  ...japaneseEngines,
  ...koreanEngines,
  ...americanEngines,
  ...europeanEngines,
  ...chineseEngines,
}

export const modelRows: ModelRow[] = (Object.keys(models) as MakeId[]).flatMap(make =>
  models[make].map(([slug, nameAr, nameEn, from, to, otherNames = []]) => ({
    id: `${make}-${slug}`,
    make_id: make,
    name_ar: nameAr,
    name_en: nameEn,
    year_from: from,
    year_to: to,
    words: [...otherNames],
  })),
)

export const engineRows: EngineRow[] = Object.entries(engines).flatMap(([model, rows]) =>
  rows.map(([code, displacement, fuel, from, to]) => ({
    id: `${model}-${slugOf(code)}`,
    model_id: model,
    code,
    displacement_cc: displacement,
    fuel,
    year_from: from,
    year_to: to,
  })),
)

function slugOf(code: string): string {
  return code.toLowerCase().replace(/[^a-z0-9]+/g, '-')
}
