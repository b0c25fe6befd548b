import type { Root } from './tree.js'

// biome-ignore format: a table is read by its rows
export const filtersOils = ['filters-oils', 'الفلاتر والزيوت', 'Filters and fluids',
  'فلاتر وزيوت, قطع صيانة, صيانة دورية, قطع استهلاكية', 'filters and fluids, service parts, maintenance parts, consumables', [
  ['oil-filters', 'سيفونات زيت', 'Oil filters',
    'سيفون, سيفونات, سيفون زيت, سيفونات زيت, صيفون, صيفون زيت, صفاية زيت مكينة, فلتر زيت, فلاتر زيت, فلتر زيت مكينة, فلتر زيت محرك, مصفاة زيت',
    'oil filter, engine oil filter'],
  ['air-filters', 'فلاتر هواء', 'Air filters',
    'فلتر هواء, فلاتر هواء, فلتر هواء مكينة, فلتر هواء محرك, صفاية هواء, مصفاة هواء',
    'air filter, engine air filter, air cleaner, air cleaner element'],
  ['cabin-filters', 'فلاتر مكيف', 'Cabin filters',
    'فلتر مكيف, فلاتر مكيف, فلتر تكييف, فلتر كنديشن, فلتر مقصورة, فلتر كابينة, فلتر غبار, فلتر صالون',
    'cabin filter, cabin air filter, ac filter, pollen filter, a/c filter'],
  ['fuel-filters', 'فلاتر بنزين وديزل', 'Fuel filters',
    'فلتر بنزين, فلاتر بنزين, فلتر وقود, فلاتر وقود, صفاية بنزين, مصفاة بنزين, مصفاة وقود, سيفون بنزين',
    'fuel filter, petrol filter, gas filter, gasoline filter, fuel strainer'],
  ['oils-fluids', 'زيوت وسوائل', 'Oils and fluids',
    'زيوت وسوائل, زيوت, سوائل, زيوت سيارات',
    'oils and fluids, fluid, lubricant'],
  ['transmission-filters', 'فلاتر قير', 'Transmission filters',
    'فلتر قير, فلاتر قير, فلتر جير, فلتر فتيس, فلتر زيت قير, سيفون قير, صفاية قير, مصفاة قير',
    'transmission filter, gearbox filter, atf filter'],
]] as const satisfies Root
