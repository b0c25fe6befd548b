import { expect } from 'chai'
import { median, pairedRatio, quantile, shown, total } from '../../bench/figures.js'
import { atLeast, atMost, ratioVerdict } from '../../bench/marks.js'
import { planOf } from '../../bench/options.js'
import { writtenVariously } from '../../bench/targets.js'

describe('bench: figures', () => {
  it('the median is the middle by value, not by place or by spelling', () => {
    expect(median([100, 9, 20])).to.equal(20)
    expect(median([5])).to.equal(5)
    expect(median([])).to.be.NaN
  })

  it('the 99th of a hundred is the slowest, and the input keeps its order', () => {
    const values = Array.from({ length: 100 }, (_, at) => 100 - at)
    expect(quantile(values, 0.99)).to.equal(100)
    expect(quantile(values, 0.5)).to.equal(51)
    expect(values[0]).to.equal(100)
    expect(total([1, 2, 3])).to.equal(6)
  })

  it('a ratio is taken round by round', () => {
    // the machine halves its speed after the first round: the ratio stays
    expect(pairedRatio([400, 200, 200], [1000, 500, 500])).to.equal(0.4)
    expect(pairedRatio([400, 10, 400], [1000, 0, 1000])).to.equal(0.4)
    expect(pairedRatio([1], [])).to.be.NaN
  })

  it('what was not measured is a dash', () => {
    expect([shown(undefined, 1), shown(Number.NaN, 1), shown(1.25, 1, ' s')]).to.deep.equal([
      '-',
      '-',
      '1.3 s',
    ])
  })
})

describe('bench: marks', () => {
  it('a mark that is just reached is met', () => {
    expect(atLeast(0.4, 0.4)).to.deep.equal({ isMet: true, text: '≥ 0.4 ok' })
    expect(atMost(170, 170, ' MiB')).to.deep.equal({ isMet: true, text: '≤ 170 MiB ok' })
  })

  it('one that is not, or could not be measured, is missed', () => {
    expect(atLeast(0.399, 0.4).text).to.equal('≥ 0.4 MISSED')
    expect(atMost(3.01, 3, '×').text).to.equal('≤ 3× MISSED')
    expect(atLeast(Number.NaN, 0.4).isMet).to.equal(false)
    expect(atMost(Number.NaN, 3).isMet).to.equal(false)
  })

  it('each read has its own; an operation without one is not judged', () => {
    const met = (name: string, ratio: number) => ratioVerdict(name, ratio)?.isMet
    expect([
      met('detail', 0.39),
      met('list', 0.2),
      met('search', 0.1),
      met('part number', 0.29),
    ]).to.deep.equal([false, true, true, false])
    expect(met('vehicle', 0)).to.equal(undefined)
  })
})

describe('bench: what is asked for', () => {
  it('both sizes, the smaller first; the smaller alone when it has to be quick', () => {
    expect(planOf([]).sizes).to.deep.equal([10_000, 1_000_000])
    expect(planOf(['--sizes', '50000,2000']).sizes).to.deep.equal([2_000, 50_000])
    expect(planOf(['--quick'])).to.include({ isQuick: true, roundSeconds: 1 })
    expect(planOf(['--quick']).sizes).to.deep.equal([10_000])
  })

  it('refuses sizes that are none', () => {
    for (const sizes of ['ten', '10', '1e4.5', '']) expect(() => planOf(['--sizes', sizes]), sizes).to.throw()
    expect(() => planOf(['--size', '10000'])).to.throw()
  })

  it('a part number is written as it is printed, in one piece, and with blanks', () => {
    const written = [0, 1, 2].map(at => writtenVariously('04465-33 480', at))
    expect(written).to.deep.equal(['04465-33 480', '0446533480', '04465 33 480'])
  })
})
