type Leaf = readonly [id: string, nameAr: string, nameEn: string]
type Root = readonly [id: string, nameAr: string, nameEn: string, leaves: readonly Leaf[]]

/** In Arabic the words a buyer in the Kingdom searches with (فحمات, سلف, دينمو), not the manual's. */
// biome-ignore format: a table is read by its rows
export const categories = [
  ['filters-oils', 'الفلاتر والزيوت', 'Filters and fluids', [
    ['oil-filters', 'سيفونات زيت', 'Oil filters'],
    ['air-filters', 'فلاتر هواء', 'Air filters'],
    ['cabin-filters', 'فلاتر مكيف', 'Cabin filters'],
    ['fuel-filters', 'فلاتر بنزين وديزل', 'Fuel filters'],
    ['oils-fluids', 'زيوت وسوائل', 'Oils and fluids'],
  ]],
  ['brakes', 'الفرامل', 'Brakes', [
    ['brake-pads', 'فحمات', 'Brake pads'],
    ['brake-discs', 'هوبات', 'Brake discs and drums'],
    ['brake-shoes', 'قماشات هوب', 'Brake shoes'],
  ]],
  ['engine', 'المكينة ونظام الوقود', 'Engine and fuel system', [
    ['spark-plugs', 'بواجي', 'Spark plugs'],
    ['ignition-coils', 'كويلات', 'Ignition coils'],
    ['belts', 'سيور', 'Belts'],
    ['engine-mounts', 'كراسي مكينة', 'Engine mounts'],
    ['gaskets', 'وجيهات وصوف', 'Gaskets and oil seals'],
    ['fuel-pumps', 'طرمبات بنزين', 'Fuel pumps'],
    ['injectors', 'بخاخات وثروتل', 'Injectors and throttle bodies'],
  ]],
  ['electrical', 'الكهرباء', 'Electrical', [
    ['alternators', 'دينمو', 'Alternators'],
    ['starters', 'سلف', 'Starter motors'],
    ['batteries', 'بطاريات', 'Batteries'],
    ['sensors', 'حساسات', 'Sensors'],
    ['bulbs', 'لمبات', 'Bulbs'],
    ['window-motors', 'مواطير قزاز', 'Window motors'],
  ]],
  ['cooling-ac', 'التبريد والمكيف', 'Cooling and air conditioning', [
    ['radiators', 'رديترات ومراوح', 'Radiators and fans'],
    ['water-pumps', 'طرمبات ماء', 'Water pumps'],
    ['thermostats', 'بلوف حرارة', 'Thermostats'],
    ['ac-compressors', 'كمبروسرات مكيف', 'AC compressors'],
    ['ac-condensers', 'رديترات مكيف', 'AC condensers'],
  ]],
  ['suspension-steering', 'المساعدات والدركسون', 'Suspension and steering', [
    ['shock-absorbers', 'مساعدات', 'Shock absorbers'],
    ['control-arms', 'مقصات', 'Control arms'],
    ['stabilizer-links', 'مسامير ميزان', 'Stabilizer links'],
    ['steering-joints', 'ركب وأذرعة دركسون', 'Ball joints and tie rods'],
    ['wheel-bearings', 'رمان بلي', 'Wheel bearings and hubs'],
  ]],
  ['transmission', 'القير ونقل الحركة', 'Transmission and drivetrain', [
    ['clutches', 'كلتشات', 'Clutches'],
    ['cv-axles', 'عكوس', 'CV axles'],
    ['driveshafts', 'كراسي قير وصلايب', 'Transmission mounts and universal joints'],
  ]],
  ['body-lights', 'البودي والإضاءة', 'Body and lights', [
    ['bumpers', 'صدامات وشبوك', 'Bumpers and grilles'],
    ['headlights', 'شمعات', 'Headlights'],
    ['tail-lights', 'اسطبات', 'Tail lights'],
    ['mirrors', 'مرايات', 'Mirrors'],
    ['fenders-hoods', 'رفارف وكبابيت', 'Fenders and hoods'],
    ['wipers', 'مساحات', 'Wipers'],
  ]],
] as const satisfies readonly Root[]

export type LeafId = (typeof categories)[number][3][number][0]

type CategoryRow = {
  id: string
  parent_id: string | null
  name_ar: string
  name_en: string
  position: number
}

/** Roots before leaves: a leaf points to its root. */
export const categoryRows: CategoryRow[] = [
  ...categories.map(([id, nameAr, nameEn], at) => row(id, null, nameAr, nameEn, at)),
  ...categories.flatMap(([root, , , leaves]) =>
    leaves.map(([id, nameAr, nameEn], at) => row(id, root, nameAr, nameEn, at)),
  ),
]

function row(id: string, parent: string | null, nameAr: string, nameEn: string, at: number): CategoryRow {
  return { id, parent_id: parent, name_ar: nameAr, name_en: nameEn, position: at + 1 }
}
