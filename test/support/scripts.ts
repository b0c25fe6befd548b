import fc from 'fast-check'

const range = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => String.fromCodePoint(from + at))

/** What people and their keyboards send, a few letters at a time. */
const SCRIPTS: readonly string[][] = [
  range(0x0620, 0x064a), // Arabic letters
  range(0x064b, 0x0655), // and their marks, the hamzas that stand alone among them
  [...range(0x0660, 0x0669), ...range(0x06f0, 0x06f9)], // Arabic-Indic and Persian figures
  [...'ٰٱپچژڤکگیې', '\u0640', 'ا\u0653', 'ا\u0654', 'و\u0654', 'ي\u0654', 'ا\u0655'],
  range(0xfb50, 0xfbb1), // presentation forms, as old documents carry them
  [...range(0xfe70, 0xfe72), ...range(0xfe76, 0xfefc), '\ufdf2', '\ufdfa'],
  [...'abcdefghijklmnopqrstuvwxyz', ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [...'0123456789'],
  range(0x00c0, 0x017e), // Latin with accents
  ['e\u0301', 'A\u030a', 'n\u0303', 'ﬁ', 'Ⅳ', '½', '²', 'µ', 'ß', 'İ', 'ı', 'ǆ', 'Σ', 'ς'],
  [...'-/._+@<&', ...'!"#$%\'()*,:;=>?[\\]^`{|}~', ...'،؛؟٪'],
  [' ', '\t', '\n', '\u00a0', '\u2028', '\u3000'],
  [...range(0x200b, 0x200f), ...range(0x202a, 0x202e), ...range(0x2060, 0x2069), '\ufeff\u00ad\u061c'],
  ['🚗', '👍🏽', '🇸🇦', '👩‍🔧', '日', '本', 'ё', 'й', 'क', '½', 'Å', '\u{1d400}', '\u{10ffff}'],
]

/** Texts of mixed scripts, none of which PostgreSQL could not hold. */
export const mixedText = (maxLength = 30): fc.Arbitrary<string> =>
  fc.array(letter, { maxLength }).map(letters => letters.join(''))

const letter = fc.oneof(
  ...SCRIPTS.map(script => fc.constantFrom(...script)),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).filter(one => one !== '\0'),
)
