import { vatInside, vatOnTop } from '../../api/modules/invoices/zatca/calculate.js'
import { halalas } from '../../api/platform/money.js'

/*
 * npm run test:vat: every amount from 0.01 to 20,000.00, on top and inside, against whole numbers calculated another
 * way; and how many of them floats would have got wrong.
 */

const MOST = 2_000_000
let wrong = 0
let wrongInFloats = 0

for (let amount = 1; amount <= MOST; amount++) {
  // 15 % half up, in whole numbers: (amount × 15 + 50) ÷ 100
  const expected = Math.floor((amount * 15 + 50) / 100)
  const onTop = vatOnTop(halalas(amount), 1500)
  const inside = vatInside(halalas(amount), 1500)
  const isRight =
    onTop.vat === expected &&
    onTop.total === amount + expected &&
    inside.net + inside.vat + inside.rounding === amount &&
    inside.vat === Math.floor((inside.net * 15 + 50) / 100) &&
    Math.abs(inside.rounding) <= 1
  if (!isRight) {
    wrong += 1
    if (wrong <= 10) console.error('wrong:', amount, onTop, inside)
  }
  if (Math.round((amount / 100) * 0.15 * 100) !== expected) wrongInFloats += 1
}

console.log(
  `${MOST.toLocaleString('en')} amounts, ${wrong} wrong; in floats ${wrongInFloats.toLocaleString('en')} would be`,
)
process.exitCode = wrong === 0 ? 0 : 1
