import type { Locale } from './locale.js'

/** Sentences of our own rules, keyed by the message a schema or an error gives; zod's own rules speak both languages already. */
const TEXTS: Record<string, Record<Locale, string>> = {
  'phone.saudi_mobile': {
    en: 'must be a Saudi mobile number such as +966512345678',
    ar: 'يجب أن يكون رقم جوال سعودي مثل ‎+966512345678',
  },
  'cr.shape': { en: 'must be ten digits', ar: 'يجب أن يتكون من عشرة أرقام' },
  'vat.shape': {
    en: 'must be fifteen digits that begin and end with 3',
    ar: 'يجب أن يتكون من خمسة عشر رقمًا يبدأ وينتهي بالرقم 3',
  },
  'text.control': {
    en: 'must not hold control or direction-changing characters',
    ar: 'يجب ألا يحتوي على رموز تحكم أو رموز تغيير الاتجاه',
  },
  'text.too_long_in_bytes': {
    en: 'is too long for an invoice (255 bytes)',
    ar: 'أطول مما تسمح به الفاتورة (255 بايت)',
  },
  'text.unstorable': {
    en: 'holds a character that cannot be stored',
    ar: 'يحتوي على رمز لا يمكن حفظه',
  },
  'text.card_number': { en: 'holds a card number', ar: 'يحتوي على رقم بطاقة' },
  'cursor.foreign': { en: 'does not belong to this list', ar: 'لا يخص هذه القائمة' },
  'return_url.foreign': {
    en: 'must be on the site of the app',
    ar: 'يجب أن يكون على موقع التطبيق',
  },
  'search.vehicle_needed': { en: 'is needed with a year or an engine', ar: 'مطلوب مع سنة الصنع أو المحرك' },
  'search.price_range': { en: 'must not be below priceFrom', ar: 'يجب ألا يقل عن priceFrom' },
  'fits.nothing': { en: 'is needed where no make is named', ar: 'مطلوب إذا لم تُذكر الشركة الصانعة' },
  'fits.make_alone': {
    en: 'is needed with years or an engine: a make alone stands for all its cars',
    ar: 'مطلوب مع السنوات أو المحرك: الشركة وحدها تعني كل سياراتها',
  },
  'fits.years': { en: 'must not be before from', ar: 'يجب ألا يسبق from' },
  'number.empty': { en: 'must hold a letter or a digit', ar: 'يجب أن يحتوي على حرف أو رقم' },
  'lines.duplicate': { en: 'names a listing twice', ar: 'يتكرر فيه الإعلان نفسه' },
}

export function fieldText(message: string, locale: Locale): string {
  return TEXTS[message]?.[locale] ?? message
}
