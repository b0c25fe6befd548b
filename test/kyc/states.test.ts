import { expect } from 'chai'
import fc from 'fast-check'
import { CASE_MOVES, CASE_STATUSES, type CaseStatus, OPEN_CASES } from '../../api/modules/kyc/kyc-words.js'
import {
  mayMove,
  SELLER_MOVES,
  SELLER_STATUSES,
  type SellerStatus,
} from '../../api/modules/sellers/seller-states.js'
import { useContext } from '../support/context.js'

describe('the states of sellers and cases', () => {
  const t = useContext()

  it('are the words of the database, no more and no fewer', async () => {
    for (const [table, column, words] of [
      ['sellers', 'status', SELLER_STATUSES],
      ['kyc_cases', 'status', CASE_STATUSES],
    ] as const) {
      const { rows } = await t.owner.raw<{ rows: { def: string }[] }>(
        `select pg_get_constraintdef(oid) as def from pg_constraint where conrelid = ?::regclass and contype = 'c'`,
        [table],
      )
      // the longest list of words about the column says what it may be at all
      const def = rows
        .map(row => row.def)
        .filter(text => text.includes(`(${column} = ANY`) && !text.includes('<='))
        .sort((a, b) => b.length - a.length)[0] as string
      expect([...def.matchAll(/'([A-Z_]+)'/g)].map(match => match[1])).to.have.members([...words])
    }
  })

  it('nobody comes to sell but through a review', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...SELLER_STATUSES), { minLength: 1, maxLength: 12 }), wishes => {
        let [now, wasReviewed]: [SellerStatus, boolean] = ['DRAFT', false]
        for (const wish of wishes) {
          if (!mayMove(now, wish)) continue
          now = wish
          if (now === 'IN_REVIEW') wasReviewed = true
          if (now === 'APPROVED') expect(wasReviewed).to.equal(true)
          if (now === 'EXPIRED' || now === 'REJECTED') wasReviewed = false
        }
      }),
    )
  })

  it('every state is reached, and none is left to itself but by a suspension', () => {
    const reached = new Set<SellerStatus>(['DRAFT'])
    // a set that grows while it is walked is walked to its end
    for (const from of reached) for (const to of SELLER_MOVES[from]) reached.add(to)
    expect([...reached]).to.have.members([...SELLER_STATUSES])
    for (const status of SELLER_STATUSES)
      if (status !== 'SUSPENDED') expect(SELLER_MOVES[status], status).to.not.be.empty
  })

  it('a case that is decided stays decided', () => {
    const open = new Set<CaseStatus>(OPEN_CASES)
    for (const status of CASE_STATUSES)
      expect(CASE_MOVES[status].length > 0, status).to.equal(open.has(status))
  })
})
