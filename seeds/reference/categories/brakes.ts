import type { Root } from './tree.js'

// biome-ignore format: a table is read by its rows
export const brakes = ['brakes', 'الفرامل', 'Brakes',
  'فرامل, بريك, بريكات, مكابح, كوابح, نظام فرامل', 'brake, braking, brake system', [
  ['brake-pads', 'فحمات', 'Brake pads',
    'فحمات, فحمة, فحم, فحمات فرامل, فحمة فرامل, فحمات بريك, فحمات ديسك, قماش, قماشات, قماش فرامل, قماش بريك, تيل, تيل فرامل, تيلة, تيل ديسك, كوليات, كوليات فرامل, سفايف, سفايف فرامل',
    'brake pad, disc pad, disk pad, disc brake pad'],
  ['brake-discs', 'هوبات', 'Brake discs and drums',
    'هوب, هوبات, هوب فرامل, ديسك, ديسكات, دسك, دسكات, ديسك فرامل, ديسك بريك, طارة فرامل, طارات فرامل, قرص فرامل, اقراص فرامل, دسك بريك',
    'brake disc, brake disk, disc, disk, rotor, brake rotor, disc rotor'],
  ['brake-shoes', 'قماشات هوب', 'Brake shoes',
    'قماش هوب, قماشات هوب, تيل خلفي, تيل طنبورة, تيل طنابير, فحمات هوب, حذاء فرامل, شوز فرامل',
    'brake shoe, drum brake shoe, brake lining'],
  ['brake-calipers', 'كليبرات فرامل', 'Brake calipers',
    'كليبر, كليبرات, كالبر, كاليبر, كالبرات, كليبر فرامل, كليبرات فرامل, كالبر فرامل, سلندر فحمات, ملقط فرامل, فك فرامل',
    'caliper, calliper, brake caliper, brake calliper'],
  ['brake-master-cylinders', 'سلندرات فرامل', 'Brake master cylinders',
    'سلندر فرامل, سلندرات فرامل, سلندر بريك, علبة فرامل, ماستر فرامل, ماستر سلندر, ماستر سيلندر, طرمبة فرامل, طلمبة فرامل, مضخة فرامل',
    'brake master cylinder, master cylinder, brake pump, brake cylinder'],
  ['abs-units', 'أجهزة ABS', 'ABS units',
    'مضخة abs, طرمبة abs, جهاز abs, بلوك abs, وحدة abs, كمبيوتر abs, طرمبة اي بي اس, جهاز اي بي اس, مانع انغلاق, مانع انزلاق فرامل, نظام منع الانغلاق',
    'abs unit, abs pump, abs module, abs modulator, abs actuator, anti lock brake'],
  ['parking-brakes', 'جلنط', 'Parking brakes',
    'جلنط, جلنطات, سلك جلنط, واير جلنط, فرامل يد, فرملة يد, بريك يد, هاند بريك, هاندبريك, هندبريك, كيبل جلنط',
    'parking brake, handbrake, hand brake, emergency brake, park brake, handbrake cable, parking brake cable'],
]] as const satisfies Root
