import type { Engines } from './engine.js'

// biome-ignore format: a table is read by its rows
export const chineseEngines = {
  'changan-cs35-plus': [['JL473ZQ5', 1392, 'PETROL', 2021, null]],
  'changan-uni-t': [['JL473ZQ7', 1494, 'PETROL', 2021, null]],
  'geely-coolray': [['JLH-3G15TD', 1477, 'PETROL', 2020, 2024]],
  'geely-tugella': [['JLH-4G20TDB', 1969, 'PETROL', 2021, null]],
  'mg-zs': [['15S4C', 1498, 'PETROL', 2018, 2024]],
  'mg-rx5': [
    ['15E4E', 1490, 'PETROL', 2018, 2023],
    ['20L4E', 1995, 'PETROL', 2018, 2022],
  ],
  'mg-5': [['15S4C', 1498, 'PETROL', 2021, null]],
  'haval-h9': [['GW4C20', 1967, 'PETROL', 2016, 2024]],
  'haval-jolion': [['GW4G15K', 1497, 'PETROL', 2021, null]],
  'chery-tiggo-8': [['SQRF4J16', 1598, 'PETROL', 2020, null]],
} satisfies Engines
