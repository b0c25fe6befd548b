import { type Operation, operation } from '../../http/operation.js'
import { CategoryList, FindVehicles, MakeList, VehiclePage } from './catalogue-schemas.js'
import type { CatalogueService, Vehicle } from './catalogue-service.js'

const tag = 'Catalogue'

export function catalogueOperations(catalogue: CatalogueService): Operation[] {
  return [
    operation({
      id: 'listMakes',
      method: 'get',
      path: '/makes',
      tag,
      access: 'anyone',
      summary: 'Car makes',
      response: MakeList,
      handle: async () => ({ items: (await catalogue.reference()).makes.map(named) }),
    }),
    operation({
      id: 'listVehicles',
      method: 'get',
      path: '/vehicles',
      tag,
      access: 'anyone',
      summary: 'Models with their years and engines, of a make or a year where asked',
      query: FindVehicles,
      response: VehiclePage,
      handle: async ({ query }) => {
        const page = await catalogue.vehicles(query)
        return { ...page, items: page.items.map(presentVehicle) }
      },
    }),
    operation({
      id: 'listCategories',
      method: 'get',
      path: '/categories',
      tag,
      access: 'anyone',
      summary: 'The category tree, with the words of the trade',
      response: CategoryList,
      handle: async () => ({
        items: (await catalogue.reference()).categories.map(category => ({
          ...named(category),
          parentId: category.parentId,
          words: category.words,
        })),
      }),
    }),
  ]
}

const named = ({ id, nameAr, nameEn }: { id: string; nameAr: string; nameEn: string }) => ({
  id,
  name: { ar: nameAr, en: nameEn },
})

const years = ({ yearFrom, yearTo }: { yearFrom: number; yearTo: number | null }) => ({
  from: yearFrom,
  to: yearTo,
})

const presentVehicle = (vehicle: Vehicle) => ({
  ...named(vehicle),
  makeId: vehicle.makeId,
  years: years(vehicle),
  engines: vehicle.engines.map(engine => ({
    id: engine.id,
    code: engine.code,
    displacementCc: engine.displacementCc,
    fuel: engine.fuel,
    years: years(engine),
  })),
})
