import fc from 'fast-check'

/** How people write a number: in either script's digits, parted by what they part numbers with, marks and all. */
export const asTyped = (value: string): fc.Arbitrary<string> =>
  fc
    .record({
      script: fc.constantFrom('0123456789', '٠١٢٣٤٥٦٧٨٩', '۰۱۲۳۴۵۶۷۸۹'),
      marks: fc.array(fc.constantFrom('', ' ', '-', '–', '\u00a0', '.', '\u200f', '\u200e'), {
        minLength: value.length,
        maxLength: value.length,
      }),
    })
    .map(({ script, marks }) =>
      [...value].map((char, at) => `${/\d/.test(char) ? script[Number(char)] : char}${marks[at]}`).join(''),
    )

export const digitsOf = (count: number): fc.Arbitrary<string> =>
  fc.array(fc.nat({ max: 9 }), { minLength: count, maxLength: count }).map(digits => digits.join(''))
