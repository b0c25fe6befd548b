/**
 * One spelling for what readers take for the same: the application's side of the database's function `fold`,
 * which prepares what is searched in. A test holds the two together.
 */
export function fold(text: string): string {
  const common = RARE.test(text) ? foldRare(text) : text
  return common.replace(COMMON, letter => COMMON_TO[letter] as string)
}

/** Folded words: letters and digits of any script, lower case. */
export const wordsOf = (text: string): string[] => fold(text).toLowerCase().match(WORD) ?? []

/** 04465-06090, 04465 06090 and ٠٤٤٦٥٠٦٠٩٠ are one number. The database's `part_key`. */
export const partKey = (number: string): string =>
  fold(number)
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase()

const WORD = /[\p{L}\p{N}\p{M}]+/gu

const COMMON_TO: Record<string, string> = {
  ...{ أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ى: 'ي', ة: 'ه', ؤ: 'و', ئ: 'ي', ء: '' },
  ...Object.fromEntries([...'-/._+@<&'].map(mark => [mark, ' '])),
}
const COMMON = /[أإآٱىةؤئء\-/._+@<&]/g

const RARE =
  /[\u0300-\u036f\u00c0-\u00ff\u0160\u0161\u017d\u017e\u0640\u064b-\u0655\u0660-\u0669\u0670\u067e\u0686\u0698\u06a4\u06a9\u06af\u06cc\u06d0\u06f0-\u06f9\u200b-\u200f\u2066-\u2069\ufb50-\ufdff\ufe70-\ufeff]/
const FROM = 'یېکگپچڤژ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹àáâäãåçèéêëìíîïñòóôöõøùúûüýÿšžÀÁÂÄÃÅÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØÙÚÛÜÝŠŽ'
const TO = 'ييككبجفز01234567890123456789aaaaaaceeeeiiiinoooooouuuuyyszaaaaaaceeeeiiiinoooooouuuuysz'
const RARE_TO = new Map([...FROM].map((letter, at) => [letter, TO[at] as string]))
const DROPPED = /[\u0640\u064b-\u0655\u0670\u200b-\u200f\u2066-\u2069\ufeff]/g

/** Composed first: taken apart, a hamza would be dropped from its seat as a mark. */
function foldRare(text: string): string {
  return [...text.normalize('NFKC')]
    .map(letter => RARE_TO.get(letter) ?? letter)
    .join('')
    .replace(DROPPED, '')
}
