import { expect } from 'chai'
import { useContext } from '../support/context.js'
import type { Answer } from '../support/request.js'

const refused = (answer: Answer, code: string) => {
  expect(answer.status, answer.text).to.equal(400)
  expect(answer.body).to.deep.include({ code, supported: ['v1'] })
}

describe('which version of the API answers', () => {
  const t = useContext()
  const ask = (path: string, version?: string) =>
    t.get(path, version === undefined ? {} : { headers: { 'api-version': version } })

  for (const [path, version] of [
    ['/api/v1/makes', undefined],
    ['/api/makes', undefined],
    ['/api/makes', 'v1'],
    ['/api/makes', '1'],
    ['/api/makes', 'V1'],
    ['/api/v1/makes', 'v1'],
    ['/api/v1/makes', '1'],
    ['/api/v1/makes/', undefined],
    ['/api/makes/', undefined],
    ['/api/v1/makes?', undefined],
  ] as const) {
    it(`is v1 at ${path} with ${version === undefined ? 'no header' : `the header ${version}`}`, async () => {
      const answer = await ask(path, version)
      expect(answer.status, answer.text).to.equal(200)
      expect(answer.body.items).to.not.be.empty
    })
  }

  it('carries the query along where the path names no version', async () => {
    const answer = await ask('/api/listings?limit=0')
    expect(answer.status).to.equal(422)
    expect(answer.body.errors[0].pointer).to.equal('?limit')
  })

  it('refuses a header that contradicts the path, and never lets it win', async () => {
    refused(await ask('/api/v1/makes', 'v2'), 'api.version_conflict')
    refused(await ask('/api/v2/makes', 'v1'), 'api.version_conflict')
  })

  for (const [path, version] of [
    ['/api/v2/makes', undefined],
    ['/api/v0/makes', undefined],
    ['/api/v10/makes', undefined],
    ['/api/v01/makes', undefined],
    ['/api/v2', undefined],
    ['/api/v2/', undefined],
    ['/api/makes', 'v2'],
    ['/api/makes', '2'],
    ['/api/makes', 'latest'],
    ['/api/makes', 'v1, v2'],
    ['/api/makes', '1.0'],
    ['/api/makes', 'x'.repeat(300)],
  ] as const) {
    it(`names the supported ones for ${path} with ${version?.slice(0, 20) ?? 'no header'}`, async () => {
      refused(await ask(path, version), 'api.version_unsupported')
    })
  }

  it('names them in the sentence too, in both languages', async () => {
    for (const language of ['ar', 'en']) {
      const answer = await t.get('/api/v7/makes', { headers: { 'accept-language': language } })
      expect(answer.body.detail).to.include('v1')
    }
  })

  for (const path of [
    '/api',
    '/api/',
    '/api/v1',
    '/api/v1/',
    '/api/vx/makes',
    '/api/V1/makes',
    '/apiv1/makes',
  ]) {
    it(`finds nothing at ${path}`, async () => {
      const answer = await ask(path)
      expect(answer.status).to.equal(404)
      expect(answer.body.code).to.equal('request.not_found')
    })
  }

  it('says nothing of an end while none is set', async () => {
    const { headers } = await ask('/api/v1/makes')
    for (const name of ['deprecation', 'sunset', 'link']) expect(headers.get(name), name).to.equal(null)
  })
})

describe('a version that is deprecated', () => {
  const t = useContext({ env: { API_VERSIONS_DEPRECATED: 'v1=2026-07-01/2027-01-31' } })

  for (const path of ['/api/v1/makes', '/api/makes', '/api/v1', '/api/v1/nothing', '/api/v1/auth/me']) {
    it(`says since when, until when and where to read more, at ${path}`, async () => {
      const { headers } = await t.get(path)
      expect(headers.get('deprecation')).to.equal(`@${Date.UTC(2026, 6, 1) / 1000}`)
      expect(headers.get('sunset')).to.equal('Sun, 31 Jan 2027 00:00:00 GMT')
      expect(headers.get('link')).to.equal(`<${t.baseUrl}/docs>; rel="deprecation"`)
    })
  }

  it('says nothing outside the API', async () => {
    expect((await t.get('/docs')).headers.get('deprecation')).to.equal(null)
  })
})
