/** Reads base64 of tag, length and value, as a phone that scans an invoice does. */
export function decodeTlv(base64: string): [tag: number, value: string][] {
  const bytes = Buffer.from(base64, 'base64')
  const fields: [number, string][] = []
  for (let at = 0; at < bytes.length; ) {
    const [tag, length] = [bytes[at] as number, bytes[at + 1] as number]
    const value = bytes.subarray(at + 2, at + 2 + length)
    if (value.length !== length) throw new Error(`tag ${tag} ends early`)
    fields.push([tag, value.toString('utf8')])
    at += 2 + length
  }
  return fields
}
