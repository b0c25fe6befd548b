import type { Root } from './tree.js'

// biome-ignore format: a table is read by its rows
export const tyresWheels = ['tyres-wheels', 'الكفرات والجنوط', 'Tyres and wheels',
  'كفرات وجنوط, عجل, عجلات, عجلة', 'tyres and wheels, wheel', [
  ['tyres', 'كفرات', 'Tyres',
    'كفر, كفرات, اطار, اطارات, تاير, تايرات, كاوتش, كوتش, كاوتشات, دولاب, دواليب, تواير, كفر سيارة',
    'tyre, tire, car tyre, car tire'],
  ['rims', 'جنوط', 'Rims',
    'جنط, جنوط, جنطات, رنق, رنقات, جنوط المنيوم, جنط المنيوم',
    'rim, wheel rim, alloy wheel, alloy, alloy rim'],
  ['wheel-covers', 'طيس وقحافي', 'Wheel covers',
    'طاسة, طيس, طاسات, طيس كفرات, طاسة كفر, طاسة جنط, قحف جنط, قحفية, قحافي, غطا كفر, غطاء جنط, طاسات جنوط',
    'wheel cover, hubcap, hub cap, wheel cap, centre cap, center cap'],
]] as const satisfies Root
