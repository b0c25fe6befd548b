import type { Root } from './tree.js'

// biome-ignore format: a table is read by its rows
export const glassDoors = ['glass-doors', 'القزاز والأبواب', 'Glass and doors',
  'قزاز, قزازات, زجاج, جام, جامات, كزاز, زجاج سيارات', 'glass, auto glass, car glass', [
  ['windshields', 'قزاز أمامي وخلفي', 'Windshields and rear glass',
    'قزاز امامي, قزازة امامية, زجاج امامي, جام امامي, جامة امامية, بربريز, بربريز امامي, بارابريز, كزاز امامي, زجاجة امامية',
    'windshield, windscreen, front glass, front windscreen, front windshield'],
  ['door-glass', 'قزاز أبواب', 'Door glass',
    'قزاز باب, قزاز ابواب, قزازة باب, زجاج باب, زجاج ابواب, جام باب, قزاز جانبي, زجاج جانبي, قزاز شباك, زجاج شباك, زجاج نافذة, دريشة, درايش',
    'door glass, side glass, window glass, side window, door window'],
  ['window-regulators', 'مكاين قزاز', 'Window regulators',
    'مكينة قزاز, مكاين قزاز, مكينة زجاج, ماكينة زجاج, ماكينة قزاز, ماكينة شباك, رافعة زجاج, رافعات زجاج, رافع زجاج, مكينة كزاز, جهاز رفع زجاج, مكينة دريشة',
    'window regulator, window lifter, window winder, glass regulator'],
  ['door-handles', 'مسكات أبواب', 'Door handles',
    'مسكة باب, مسكات ابواب, مسكات باب, مسكة, مسكات, مقبض باب, مقابض ابواب, مقبض, مقابض, يد باب, يد باب خارجية, ايدي ابواب, اكرة باب, اكر ابواب, اوكرة باب',
    'door handle, outer door handle, inner door handle, exterior door handle, door pull'],
  ['door-locks', 'أقفال أبواب', 'Door locks',
    'قفل باب, اقفال ابواب, قفل ابواب, كالون باب, كوالين ابواب, كيلون باب, سنتر لوك, سنترلوك, زرفيل باب, ماطور قفل, ماطور باب, قفل مركزي, غال باب',
    'door lock, lock actuator, door lock actuator, door latch, central locking, central lock'],
  ['doors', 'أبواب', 'Doors',
    'باب, ابواب, باب سيارة, ابواب سيارات, باب كامل', 'door, door shell, car door, complete door'],
]] as const satisfies Root
