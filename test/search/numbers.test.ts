import { expect } from 'chai'
import { useContext } from '../support/context.js'
import { aShelf } from '../support/searching.js'

describe('searching by part number', () => {
  const t = useContext()
  const { found, isMended } = aShelf(t, {
    pads: {
      titleAr: 'فحمات أمامية',
      titleEn: 'Front brake pads',
      partNumber: '04465-33471',
      crossReferences: [
        { kind: 'SUPERSEDED', number: '04465 33450' },
        { kind: 'AFTERMARKET', number: 'GDB3425' },
      ],
    },
    lamp: { titleAr: 'مصباح', titleEn: 'Lamp', partNumber: '81150-60X10' },
    pair: { titleAr: 'مصباح', titleEn: 'Lamp, pair', partNumber: '81150-60X20' },
    mercedes: { titleAr: 'كوع', titleEn: 'Elbow', partNumber: 'A 203 500 00 75' },
    audi: { titleAr: 'حساس', titleEn: 'Sensor', partNumber: '06A 115 561 B' },
    spelled: { titleAr: 'وصلة', titleEn: 'Fits 77777-88888 too', partNumber: 'ش-٥٥٥٥٥' },
  })

  for (const [number, name] of [
    ['04465-33471', 'pads'],
    ['0446533471', 'pads'],
    ['04465 33471', 'pads'],
    ['04465/33471', 'pads'],
    ['04465.33471', 'pads'],
    ['٠٤٤٦٥-٣٣٤٧١', 'pads'],
    ['۰۴۴۶۵۳۳۴۷۱', 'pads'],
    ['04465-33450', 'pads'],
    ['0446533450', 'pads'],
    ['GDB3425', 'pads'],
    ['gdb 3425', 'pads'],
    ['gdb-3425', 'pads'],
    ['81150-60x10', 'lamp'],
    ['8115060x10', 'lamp'],
    ['81150 60X20', 'pair'],
    ['A2035000075', 'mercedes'],
    ['a 203 500 00 75', 'mercedes'],
    ['A203 500 0075', 'mercedes'],
    ['06A 115 561 B', 'audi'],
    ['06a115561b', 'audi'],
    ['sensor 06A 115 561 B', 'audi'],
    ['06A-115-561 B حساس', 'audi'],
    ['77777-88888', 'spelled'],
    ['77777 88888', 'spelled'],
    ['55555', 'spelled'],
  ] as const) {
    it(`finds the ${name} by ${number}`, async () => {
      expect(await found(number)).to.deep.equal([name])
      expect(await isMended(number)).to.equal(false)
    })
  }

  for (const [piece, names] of [
    ['33471', ['pads']],
    ['04465-33', ['pads']],
    ['44653347', ['pads']],
    ['3425', ['pads']],
    ['60x1', ['lamp']],
    ['81150', ['lamp', 'pair']],
    ['1150-60x', ['lamp', 'pair']],
    ['٣٣٤٧١', ['pads']],
    ['2035000075', ['mercedes']],
    ['203 500', ['mercedes']],
  ] as const) {
    it(`finds by ${piece} what holds it, and says it was not whole`, async () => {
      expect(await found(piece)).to.have.members([...names])
      expect(await isMended(piece)).to.equal(true)
    })
  }

  it('wants the words beside a number too, in any order', async () => {
    for (const q of [
      'فحمات 04465-33471',
      '04465-33471 فحمات',
      'brake 04465 33471 pads',
      'front 33471',
      '33471 فحمات',
    ])
      expect(await found(q), q).to.deep.equal(['pads'])
    expect(await found('pair 81150')).to.deep.equal(['pair'])
    for (const q of ['lamp 04465-33471', '04465-33471 lamp', 'lamp 33471'])
      expect(await found(q), q).to.be.empty
  })

  it('takes letters beside figures for words, where they are', async () => {
    for (const q of ['pads 04465 33471', 'front 04465 33471', '04465 33471 pad'])
      expect(await found(q), q).to.deep.equal(['pads'])
    for (const q of ['lamp 3425', 'GDA 3425', '06A 115 561 C']) expect(await found(q), q).to.be.empty
  })

  it('finds nothing by a number that is none, and does not mend one into another', async () => {
    for (const q of ['04465-33472', '9999999999', '0446533471X', '04465-33471-1'])
      expect(await found(q), q).to.be.empty
  })

  it('follows an edit of the number and of the numbers it has elsewhere', async () => {
    const body = { partNumber: '11111-22222', crossReferences: [{ number: '33333-44444' }] }
    const [{ id }] = (await t.get('/api/v1/listings?q=A2035000075')).body.items
    expect((await t.patch(`/api/v1/listings/${id}`, { as: 'seller', body })).status).to.equal(200)
    for (const q of ['1111122222', '22222', '33333 44444', '4444'])
      expect(await found(q), q).to.deep.equal(['mercedes'])
    expect(await found('A2035000075')).to.be.empty
  })
})
