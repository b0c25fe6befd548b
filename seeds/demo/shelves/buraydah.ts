import type { PartRow, Shelf, SupplyRow } from './shelf.js'

const parts: PartRow[] = [
  ['oil-filter', 'cs75', '1012010-B02', 'Changan', 28_00],
  ['air-filter', 'cs75', '1109013-CA02', 'Changan', 46_00],
  ['brake-pads-front', 'cs75', 'S301088-0400', 'Changan', 165_00],
  ['cabin-filter', 'eado', 'C201045-0600', 'Changan', 39_00],
  ['shock-front', 'eado', 'C201058-0300', 'Changan', 290_00],
  ['oil-filter', 'coolray', '1056022300', 'Geely', 32_00],
  ['air-filter', 'coolray', '2032042000', 'Geely', 54_00],
  ['brake-pads-front', 'coolray', '4048036600', 'Geely', 178_00],
  ['head-gasket', 'emgrand', '1036001900', 'Geely', 145_00],
  ['oil-filter', 'mg-5', '10105963', 'MG', 27_00],
  ['brake-pads-front', 'mg-5', '10226466', 'MG', 168_00],
  ['air-filter', 'mg-zs', '10353002', 'MG', 48_00],
  ['wheel-bearing-front', 'mg-zs', '10150438', 'MG', 185_00],
  ['headlight-right', 'mg-zs', '10353872', 'MG', 690_00],
  ['oil-filter', 'h6', '1017100XEC01', 'Haval', 30_00],
  ['brake-pads-front', 'h6', '3501175XKZ16A', 'Haval', 182_00],
  ['air-filter', 'jolion', '1109110XGW01A', 'Haval', 52_00],
  ['mirror-left', 'jolion', '8202100XST01A', 'Haval', 430_00],
]

// biome-ignore format: a table is read by its rows
const supplies: SupplyRow[] = [
  ['oils-fluids', 'زيت مكينة تخليقي 5W-30 سعة 4 لتر', 'Fully synthetic engine oil 5W-30, 4 l', '154315', 'Mobil 1', 149_00],
  ['oils-fluids', 'زيت مكينة تخليقي 0W-20 سعة 4 لتر', 'Fully synthetic engine oil 0W-20, 4 l', '156147', 'Castrol', 158_00],
  ['oils-fluids', 'زيت مكينة نصف تخليقي 10W-40 سعة 4 لتر', 'Semi-synthetic engine oil 10W-40, 4 l', '201555', 'Fuchs', 84_00],
  ['oils-fluids', 'زيت قير أوتوماتيك Dexron VI سعة لتر', 'Automatic transmission fluid Dexron VI, 1 l', '550048808', 'Shell', 38_50],
  ['oils-fluids', 'زيت فرامل DOT 4 سعة نصف لتر', 'Brake fluid DOT 4, 0.5 l', 'PFB450', 'TRW', 24_00],
  ['oils-fluids', 'ماء رديتر أخضر جاهز سعة 4 لتر', 'Coolant, green, ready to use, 4 l', 'PR-4G', 'Prestone', 45_00],
  ['batteries', 'بطارية سائلة 70 أمبير', 'Battery 70 Ah, flooded', '80D26L', 'Amaron', 285_00],
  ['batteries', 'بطارية جافة 90 أمبير', 'Battery 90 Ah, maintenance-free', '115D31L', 'Varta', 365_00],
  ['batteries', 'بطارية AGM 80 أمبير لنظام إيقاف التشغيل التلقائي', 'AGM battery 80 Ah for start-stop', 'F21', 'Varta', 720_00],
  ['bulbs', 'لمبة شمعة H4 قوة 60/55 واط', 'Headlight bulb H4 60/55 W', '12342PRC1', 'Philips', 22_00],
  ['bulbs', 'لمبة شمعة H11 قوة 55 واط', 'Headlight bulb H11 55 W', '64211', 'Osram', 39_00],
  ['bulbs', 'لمبة زنون D4S قوة 35 واط', 'Xenon bulb D4S 35 W', '66440', 'Osram', 195_00],
  ['wipers', 'مساحة قزاز سيليكون مقاس 24', 'Silicone wiper blade, 24 inch', 'AR24U', 'Bosch', 49_00],
  ['wipers', 'مساحة قزاز سيليكون مقاس 18', 'Silicone wiper blade, 18 inch', 'AR18U', 'Bosch', 39_00],
]

/** Chinese cars and what any car needs: a small shop below the VAT threshold. */
export const buraydah: Shelf = { condition: 'NEW', parts, supplies }
