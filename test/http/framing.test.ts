import { connect } from 'node:net'
import { expect } from 'chai'
import { useContext } from '../support/context.js'

/** What comes back for bytes that are sent as they are, until the other side closes. */
function exchange(baseUrl: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(baseUrl)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    socket.on('data', chunk => {
      answer += String(chunk)
    })
    socket.on('error', reject).on('close', () => resolve(answer))
  })
}

const lines = (...all: string[]) => all.join('\r\n')
/** A second request in the body of the first: it must never be answered as one of its own. */
const HIDDEN = lines('GET /api/v1/makes HTTP/1.1', 'Host: x', 'Connection: close', '', '')

describe('where a request ends', () => {
  const t = useContext()

  for (const [what, headers] of [
    ['two lengths', ['Content-Length: 0', `Content-Length: ${HIDDEN.length}`]],
    ['a length and chunks', [`Content-Length: ${HIDDEN.length}`, 'Transfer-Encoding: chunked']],
    ['chunks in an encoding nobody knows', ['Transfer-Encoding: xchunked']],
    ['chunks before another encoding', ['Transfer-Encoding: chunked, identity']],
    ['a length that is no number', ['Content-Length: 0x10']],
    ['a header with a blank before its colon', ['Content-Length : 5']],
  ] as const)
    it(`is not guessed from ${what}`, async () => {
      const head = lines('POST /api/v1/auth/login HTTP/1.1', 'Host: x', ...headers, '', '')
      const answer = await exchange(t.baseUrl, `${head}0\r\n\r\n${HIDDEN}`)
      expect(answer.match(/HTTP\/1\.1 /g), answer).to.have.length(1)
      expect(answer).to.match(/^HTTP\/1\.1 400 /)
    })

  it('is where its length says, and the next one begins there', async () => {
    const first = lines('POST /api/v1/nothing HTTP/1.1', 'Host: x', 'Content-Length: 2', '', '{}')
    const answer = await exchange(t.baseUrl, first + HIDDEN)
    expect(answer.match(/HTTP\/1\.1 \d+/g)).to.deep.equal(['HTTP/1.1 404', 'HTTP/1.1 200'])
  })

  it('is no echo: TRACE is for nobody', async () => {
    for (const path of ['/api/v1/makes', '/docs', '/nothing']) {
      const head = lines(`TRACE ${path} HTTP/1.1`, 'Host: x', 'X-Secret: 17', 'Connection: close', '', '')
      const answer = await exchange(t.baseUrl, head)
      expect(answer, path).to.match(/^HTTP\/1\.1 40[45] /)
      expect(answer).to.not.include('X-Secret')
    }
  })
})
