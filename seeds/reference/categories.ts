import { accessoriesTools } from './categories/accessories-tools.js'
import { bodyLights } from './categories/body-lights.js'
import { brakes } from './categories/brakes.js'
import { coolingAc } from './categories/cooling-ac.js'
import { electrical } from './categories/electrical.js'
import { engine } from './categories/engine.js'
import { exhaust } from './categories/exhaust.js'
import { filtersOils } from './categories/filters-oils.js'
import { glassDoors } from './categories/glass-doors.js'
import { interior } from './categories/interior.js'
import { suspensionSteering } from './categories/suspension-steering.js'
import { transmission } from './categories/transmission.js'
import type { Leaf, Root } from './categories/tree.js'
import { tyresWheels } from './categories/tyres-wheels.js'

/** In Arabic the words a buyer in the Kingdom searches with (فحمات, سلف, دينمو), not the manual's. */
export const categories = [
  filtersOils,
  brakes,
  engine,
  electrical,
  coolingAc,
  suspensionSteering,
  transmission,
  bodyLights,
  exhaust,
  glassDoors,
  interior,
  tyresWheels,
  accessoriesTools,
] as const satisfies readonly Root[]

export type LeafId = (typeof categories)[number][5][number][0]

type CategoryRow = {
  id: string
  parent_id: string | null
  name_ar: string
  name_en: string
  position: number
  /** What people type for it: each one stands for the others in a search. */
  words: string[]
}

/** Roots before leaves: a leaf points to its root. */
export const categoryRows: CategoryRow[] = [
  ...categories.map(([id, nameAr, nameEn, ar, en], at) => row([id, nameAr, nameEn, ar, en], null, at)),
  ...categories.flatMap(([root, , , , , leaves]) => leaves.map((leaf, at) => row(leaf, root, at))),
]

function row([id, name_ar, name_en, ar, en]: Leaf, parent_id: string | null, at: number): CategoryRow {
  return { id, parent_id, name_ar, name_en, position: at + 1, words: [...ar.split(', '), ...en.split(', ')] }
}
