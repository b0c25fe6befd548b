const STORE_PROTOCOLS = ['file:', 's3+https:', 's3+http:']

/** What is wrong with such an address, without a word of what stands in it. */
export function storeProblem(address: string): string | undefined {
  const forms = `must begin ${STORE_PROTOCOLS.map(protocol => `${protocol}//`).join(' or ')}`
  if (!URL.canParse(address)) return forms
  const url = new URL(address)
  if (!STORE_PROTOCOLS.includes(url.protocol)) return forms
  if (url.protocol === 'file:')
    return url.host === '' && url.pathname.length > 1 ? undefined : 'must name a folder: file:///…'
  if (url.username === '' || url.password === '') return 'must hold an access key: s3+https://KEY_ID:SECRET@…'
  return /^\/[^/]+\/?$/.test(url.pathname) ? undefined : 'must name a bucket: s3+https://…/BUCKET'
}
