import { expect } from 'chai'
import fc from 'fast-check'
import { fingerprint, readIdempotencyKey } from '../../api/http/idempotency.js'
import { AppError } from '../../api/platform/errors.js'

const of = (body: unknown, path = '/v1/orders') => fingerprint('POST', path, body).toString('hex')

/** The same value with every object's members the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, reversed(item)])
      .reverse(),
  )
}

describe("a request's fingerprint", () => {
  it('is a sha256 over method, path and canonical body', () => {
    const known = '3fd9c1791154e587ba710f3ceac6d38548c287184ed5fe4a011a80369559b679'
    expect(of({ a: 1, b: 2 })).to.equal(known)
    expect(of({ b: 2, a: 1 })).to.equal(known)
    expect(of({ a: 1, b: 3 })).to.equal('1a3ee47637d7a4cb26ae99cb39d259eca7c85508d6002f40ab214b70e41398ef')
  })

  it('does not depend on the order of members, at any depth', () => {
    fc.assert(fc.property(fc.jsonValue(), value => of(value) === of(reversed(value))))
  })

  it('differs for bodies that differ', () => {
    const bodies = [
      { a: [1, 2] },
      { a: [2, 1] },
      { a: ['1', 2] },
      { a: { 1: 2 } },
      { 'a":[1,2]': 0 },
      { a: 1, b: null },
      { a: 1 },
      [],
      {},
      null,
      '',
      'null',
    ]
    expect(new Set(bodies.map(body => of(body))).size).to.equal(bodies.length)
  })

  it('differs by path and method', () => {
    expect(of({}, '/a')).not.to.equal(of({}, '/b'))
    expect(fingerprint('PUT', '/a', {}).equals(fingerprint('POST', '/a', {}))).to.equal(false)
  })
})

describe('an Idempotency-Key', () => {
  it('is the same bare and quoted', () => {
    expect(readIdempotencyKey('"8e03978e"')).to.equal('8e03978e')
    expect(readIdempotencyKey('8e03978e')).to.equal('8e03978e')
  })

  it('has 1 to 255 visible characters', () => {
    expect(readIdempotencyKey('x'.repeat(255))).to.have.length(255)
    expect(readIdempotencyKey(`"${'x'.repeat(255)}"`)).to.have.length(255)
    for (const wrong of ['""', 'x'.repeat(256), 'a b', 'é', 'مفتاح', '\t', 'a\u0000b'])
      expect(() => readIdempotencyKey(wrong), wrong)
        .to.throw(AppError)
        .that.includes({ kind: 'malformed', code: 'idempotency.key_malformed' })
    expect(() => readIdempotencyKey(''))
      .to.throw(AppError)
      .with.property('code', 'idempotency.key_missing')
  })
})
