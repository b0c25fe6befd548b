/** Changes a document somewhere: an element left out, doubled, emptied, without its attributes, with another text. */
export function editedAtRandom(
  xml: string,
  random: (below: number) => number,
): { xml: string; edits: string[] } {
  const edits: string[] = []
  let text = xml
  for (let left = 1 + random(2); left > 0; left--) {
    const leaves = [...text.matchAll(/<(cbc:\w+)(\s[^>]*)?>([^<]*)<\/\1>/g)]
    const groups = [...text.matchAll(/<(cac:\w+)(\s[^>]*)?>.*?<\/\1>/gs)]
    const chosen = random(4) === 0 ? groups : leaves
    const match = chosen[random(chosen.length)]
    if (!match) continue
    const becomes = changed(match, random)
    edits.push(`${match[0].slice(0, 70)} → ${becomes.slice(0, 70)}`)
    text = text.slice(0, match.index) + becomes + text.slice(match.index + match[0].length)
  }
  return { xml: text, edits }
}

const TEXTS = [
  '',
  ' ',
  'x',
  '0',
  '-1',
  '1.001',
  '99999',
  'true',
  'S',
  'Z',
  'O',
  'E',
  'SAR',
  '381',
  '15',
  '5',
  '  S ',
  '1e2',
]

function changed(match: RegExpExecArray, random: (below: number) => number): string {
  const [whole, name, attributes = '', inside] = match
  const way = random(4)
  if (way === 0) return ''
  if (way === 1) return whole + whole
  if (way === 2 && attributes !== '') return whole.replace(attributes, '')
  if (inside === undefined) return ''
  return `<${name}${attributes}>${TEXTS[random(TEXTS.length)]}</${name}>`
}

/** The same numbers from the same seed, always. */
export function seeded(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}
