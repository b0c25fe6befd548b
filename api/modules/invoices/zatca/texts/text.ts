/** A sentence in both languages. */
export type Text = { ar: string; en: string }

/** A field by its name in both languages, and its number in the standard. */
export type Field = readonly [en: string, ar: string, term: string]

const en = ([name, , term]: Field) => `${name} (${term})`
const ar = ([, name, term]: Field) => `${name} (${term})`

/** Sentences that many rules share. In Arabic the field follows a colon: its gender then changes no word. */
export const missing = (field: Field): Text => ({
  en: `${en(field)} is missing.`,
  ar: `بيان ناقص: ${ar(field)}.`,
})
export const tooLong = (field: Field, most: number): Text => ({
  en: `${en(field)} has more than ${most} characters.`,
  ar: `أكثر من ${most} حرف: ${ar(field)}.`,
})
export const outside = (field: Field, least: number, most: number): Text => ({
  en: `${en(field)} has to have ${least} to ${most} characters.`,
  ar: `يجب أن يكون الطول من ${least} إلى ${most} حرف: ${ar(field)}.`,
})
export const decimals = (field: Field): Text => ({
  en: `${en(field)} has more than two decimals.`,
  ar: `أكثر من منزلتين عشريتين: ${ar(field)}.`,
})
export const notListed = (field: Field, list: string): Text => ({
  en: `${en(field)} is not a code of the list ${list}.`,
  ar: `رمز ليس في القائمة ${list}: ${ar(field)}.`,
})
export const notZero = (field: Field): Text => ({
  en: `${en(field)} has to be 0.`,
  ar: `يجب أن يكون صفرًا: ${ar(field)}.`,
})
export const notMore = (field: Field): Text => ({
  en: `${en(field)} has to be more than 0.`,
  ar: `يجب أن يكون أكبر من صفر: ${ar(field)}.`,
})
export const text = (english: string, arabic: string): Text => ({ en: english, ar: arabic })
