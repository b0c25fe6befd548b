/**
 * ASN.1 in its distinguished encoding (ITU-T X.690), as far as certificates and requests for them need it: definite
 * lengths, tags of one byte. Text goes in as UTF8String unless said otherwise.
 */
export type DerNode = {
  tag: number
  /** What stands in it, without tag and length. */
  value: Buffer
  /** All of it. */
  whole: Buffer
}

export const TAG = {
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  OID: 0x06,
  UTF8: 0x0c,
  PRINTABLE: 0x13,
  UTC_TIME: 0x17,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const

export const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const value = Buffer.concat(parts)
  return Buffer.concat([Buffer.of(tag), lengthOf(value.length), value])
}
export const sequence = (...parts: Buffer[]): Buffer => der(TAG.SEQUENCE, ...parts)
export const set = (...parts: Buffer[]): Buffer => der(TAG.SET, ...parts)
export const utf8 = (text: string): Buffer => der(TAG.UTF8, Buffer.from(text, 'utf8'))
export const printable = (text: string): Buffer => der(TAG.PRINTABLE, Buffer.from(text, 'ascii'))
export const octets = (...parts: Buffer[]): Buffer => der(TAG.OCTET_STRING, ...parts)
/** Whole bytes: none of the last one's bits is unused. */
export const bits = (...parts: Buffer[]): Buffer => der(TAG.BIT_STRING, Buffer.of(0), ...parts)
/** `[0]`, `[1]` …: constructed, specific to its context. */
export const context = (number: number, ...parts: Buffer[]): Buffer => der(0xa0 | number, ...parts)

/** From the bytes of a number that is not negative, the most significant first. */
export function integer(bytes: Buffer): Buffer {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const digits = bytes.subarray(start)
  return der(TAG.INTEGER, (digits[0] ?? 0) & 0x80 ? Buffer.of(0) : Buffer.alloc(0), digits)
}

/** `1.2.840.10045.4.3.2` */
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  return der(TAG.OID, Buffer.from([first * 40 + second, ...rest].flatMap(base128)))
}

/** What a file holds. Throws a RangeError where it is cut, or has bytes after its end. */
export function readDer(bytes: Buffer): DerNode {
  const node = nodeAt(bytes, 0)
  if (node.whole.length !== bytes.length) throw new RangeError('there are bytes after the end')
  return node
}

export function partsOf({ value }: Pick<DerNode, 'value'>): DerNode[] {
  const parts: DerNode[] = []
  for (let at = 0; at < value.length; ) {
    const node = nodeAt(value, at)
    parts.push(node)
    at += node.whole.length
  }
  return parts
}

export function oidText({ value }: DerNode): string {
  const numbers: number[] = []
  let number = 0
  for (const byte of value) {
    number = number * 128 + (byte & 0x7f)
    if (byte & 0x80) continue
    numbers.push(number)
    number = 0
  }
  const [first = 0, ...rest] = numbers
  return [
    Math.min(2, Math.floor(first / 40)),
    first - 40 * Math.min(2, Math.floor(first / 40)),
    ...rest,
  ].join('.')
}

function nodeAt(bytes: Buffer, at: number): DerNode {
  const [tag, short] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || short === undefined) throw new RangeError('it ends within a head')
  const count = short & 0x80 ? short & 0x7f : 0
  if (short === 0x80 || count > 4) throw new RangeError('a length is not definite, or too large')
  let length = count === 0 ? short : 0
  for (const byte of bytes.subarray(at + 2, at + 2 + count)) length = length * 256 + byte
  const start = at + 2 + count
  const value = bytes.subarray(start, start + length)
  if (value.length !== length) throw new RangeError('it ends within a value')
  return { tag, value, whole: bytes.subarray(at, start + length) }
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

function base128(number: number): number[] {
  const bytes = [number % 128]
  for (let rest = Math.floor(number / 128); rest > 0; rest = Math.floor(rest / 128))
    bytes.unshift(0x80 | (rest % 128))
  return bytes
}
