/**
 * One spelling for what readers take for the same: the application's side of the database's function `fold`,
 * which prepares what is searched in. A test holds the two together.
 */
export function fold(text: string): string {
  const common = RARE.test(text) ? foldRare(text) : text
  return common.replace(COMMON, letter => COMMON_TO[letter] as string)
}

/** Folded words: letters and digits of any script, in lower case as the database has it. */
export const wordsOf = (text: string): string[] =>
  fold(text)
    .replace(/[İΣ]/g, letter => (letter === 'İ' ? 'i' : 'σ'))
    .toLowerCase()
    .match(WORD) ?? []

/** الفرامل, بالفرامل and للفرامل are فرامل. */
export const withoutArticle = (word: string): string => word.replace(/^(?:[وفبك]?ال|لل)(?=\p{L}{3})/u, '')

/** 04465-06090, 04465 06090 and ٠٤٤٦٥٠٦٠٩٠ are one number. The database's `part_key`. */
export const partKey = (number: string): string =>
  fold(number)
    .replace(/[^A-Za-z0-9]/g, '')
    .toUpperCase()

const WORD = /[\p{Alphabetic}\p{N}\p{M}]+/gu

const COMMON_TO: Record<string, string> = {
  ...{ أ: 'ا', إ: 'ا', آ: 'ا', ٱ: 'ا', ى: 'ي', ة: 'ه', ؤ: 'و', ئ: 'ي', ء: '' },
  ...Object.fromEntries([...'-/._+@<&~'].map(mark => [mark, ' '])),
}
const COMMON = /[أإآٱىةؤئء\-/._+@<&~]/g

/** All but what normalization leaves alone wherever it stands: ASCII, plain Arabic and the commonest punctuation. */
const RARE = /[^\t\n\r -~\u060c\u061b\u061f\u0621-\u063a\u0641-\u064a\u2013\u2014\u2018-\u201d]/
const FROM = 'یېکگپچڤژ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹àáâäãåçèéêëìíîïñòóôöõøùúûüýÿšžÀÁÂÄÃÅÇÈÉÊËÌÍÎÏÑÒÓÔÖÕØÙÚÛÜÝŠŽ'
const TO = 'ييككبجفز01234567890123456789aaaaaaceeeeiiiinoooooouuuuyyszaaaaaaceeeeiiiinoooooouuuuysz'
const RARE_TO = new Map([...FROM].map((letter, at) => [letter, TO[at] as string]))
const DROPPED = /[\u00ad\u061c\u0640\u064b-\u0655\u0670\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

/** Composed first: taken apart, a hamza would be dropped from its seat as a mark. */
function foldRare(text: string): string {
  return [...text.normalize('NFKC')]
    .map(letter => RARE_TO.get(letter) ?? letter)
    .join('')
    .replace(DROPPED, '')
}
