import type { Root } from './tree.js'

// biome-ignore format: a table is read by its rows
export const interior = ['interior', 'الداخلية', 'Interior',
  'داخلية, ديكور داخلي, صالون, كبينة, مقصورة داخلية, فرش, فرش سيارة', 'interior, interior trim, cabin trim', [
  ['seats', 'مراتب ومقاعد', 'Seats',
    'مرتبة, مراتب, مقعد, مقاعد, كرسي سيارة, كراسي سيارة, مراتب سيارة', 'seat, car seat'],
  ['dashboards', 'طبلونات', 'Dashboards',
    'طبلون, طبلونات, طبلوه, تابلوه, تابلو, طبلون سيارة, ديكور طبلون, لوحة قيادة, دشبول, داشبورد', 'dashboard, dash, dash panel, dash board'],
  ['instrument-clusters', 'عدادات', 'Instrument clusters',
    'عداد, عدادات, عداد سرعة, عداد طبلون, طقم عدادات, ساعة عداد, لوحة عدادات', 'instrument cluster, gauge cluster, speedometer, instrument panel, odometer'],
  ['airbags', 'ايرباقات وأحزمة', 'Airbags and seat belts',
    'ايرباق, ايرباقات, ايرباج, ايرباغ, ايرباجات, اير باق, اير باج, اير باغ, وسادة هوائية, وسائد هوائية', 'airbag, air bag, srs airbag'],
  ['steering-wheels', 'طارات دركسون', 'Steering wheels',
    'طارة, طارات, طارة دركسون, سكان, عجلة قيادة, مقود, طارة سيارة',
    'steering wheel'],
]] as const satisfies Root
