import { expect } from 'chai'
import { queriesIn, readQueries } from '../../bench/queries.js'

describe('bench: the queries', () => {
  const queries = readQueries()

  it('are 200, no two alike', () => {
    expect(queries).to.have.length(200)
    expect(new Set(queries.map(query => query.toLowerCase().replace(/\s+/g, ' '))).size).to.equal(200)
  })

  it('are what the API takes: up to 100 characters, no comment, no blank at the ends', () => {
    for (const query of queries) expect(query).to.match(/^[^#\s](.{0,98}\S)?$/u)
  })

  it('are Arabic, English, both at once, and numbers; of one, two and three words', () => {
    const count = (pattern: RegExp) => queries.filter(query => pattern.test(query)).length
    expect(count(/^[\p{Script=Arabic}\s]+$/u), 'Arabic').to.be.above(60)
    expect(count(/^[a-z\s]+$/i), 'English').to.be.above(60)
    expect(count(/\p{Script=Arabic}.*[a-z]|[a-z].*\p{Script=Arabic}/iu), 'mixed').to.be.at.least(10)
    expect(count(/^[\d-]+([A-Z]+)?$/), 'numbers').to.be.at.least(8)
    for (const blanks of [0, 1, 2])
      expect(queries.filter(query => query.split(' ').length === blanks + 1)).to.have.length.above(20)
  })

  it('leave out comments and empty lines', () => {
    expect(queriesIn('# a\n\n فحمات كامري \n  # b\noil filter\n')).to.deep.equal([
      'فحمات كامري',
      'oil filter',
    ])
  })
})
