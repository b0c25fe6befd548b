import type { PartRow, Shelf } from './shelf.js'

const parts: PartRow[] = [
  ['headlight-left', 'camry', '81150-06C40', 'Toyota', 620_00],
  ['tail-light-right', 'camry', '81550-06460', 'Toyota', 290_00],
  ['alternator', 'camry', '27060-0V210', 'Toyota', 690_00, 'REFURBISHED'],
  ['mirror-right', 'corolla', '87910-02F80', 'Toyota', 245_00],
  ['hood', 'corolla', '53301-02270', 'Toyota', 580_00],
  ['headlight-right', 'hilux', '81110-0K700', 'Toyota', 690_00],
  ['tail-light-left', 'hilux', '81560-0K260', 'Toyota', 165_00],
  ['starter', 'hilux', '28100-0L050', 'Toyota', 480_00, 'REFURBISHED'],
  ['headlight-right', 'land-cruiser', '81145-60F21', 'Toyota', 1_450_00],
  ['grille', 'land-cruiser', '53101-60B20', 'Toyota', 540_00],
  ['window-motor-front-left', 'prado', '85720-60220', 'Toyota', 175_00],
  ['bumper-front', 'sunny', '62022-3AW0H', 'Nissan', 260_00],
  ['headlight-left', 'patrol', '26060-1LB0A', 'Nissan', 1_280_00],
  ['window-motor-front-left', 'altima', '80731-3TA0A', 'Nissan', 160_00],
  ['fender-right', 'altima', '63100-3TA0A', 'Nissan', 310_00],
  ['starter', 'elantra', '36100-2E170', 'Mobis', 380_00, 'REFURBISHED'],
  ['tail-light-left', 'elantra', '92401-F2000', 'Mobis', 195_00],
  ['hood', 'accent', '66400-H5000', 'Mobis', 520_00],
  ['bumper-rear', 'sonata', '86611-C1000', 'Mobis', 340_00],
  ['mirror-right', 'optima', '87620-D4200', 'Mobis', 310_00],
  ['tail-light-right', 'accord', '33500-T2A-A01', 'Honda', 320_00],
  ['headlight-left', 'taurus', 'DG1Z-13008-E', 'Ford', 740_00],
  ['mirror-left', 'tahoe', '84469251', 'GM', 590_00],
  ['tail-light-left', 'silverado', '23431871', 'GM', 280_00],
  ['ac-compressor', 'pajero', '7813A105', 'Mitsubishi', 650_00, 'REFURBISHED'],
  ['headlight-right', 'd-max', '8-98253588-0', 'Isuzu', 410_00],
]

/** From the breaker's yard (تشليح): used body parts and lights, refurbished electrics. */
export const khamis: Shelf = { condition: 'USED', parts, supplies: [] }
