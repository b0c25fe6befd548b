import { SAUDI_TEXTS } from '../platform/saudi/texts.js'
import type { Locale } from './locale.js'

/** Sentences of our own rules, keyed by the message a schema or an error gives; zod's own rules speak both languages already. */
const TEXTS: Record<string, Record<Locale, string>> = {
  'days.backwards': {
    en: 'must not be after the last day',
    ar: 'يجب ألا يكون بعد اليوم الأخير',
  },
  'days.too_many': {
    en: 'makes the range longer than 731 days',
    ar: 'يجعل المدة أطول من 731 يومًا',
  },
  'id.shape': {
    en: 'does not have the shape of this kind of id',
    ar: 'لا يوافق صيغة هذا النوع من المعرفات',
  },
  'id.made_up': {
    en: 'has eight digits in a row that count or repeat: no such number is given out',
    ar: 'يحوي ثمانية أرقام متتالية أو متكررة، ولا يصدر رقم كهذا',
  },
  'company.unidentified': {
    en: 'is needed where there is no otherId',
    ar: 'مطلوب إذا لم يُذكر معرف آخر (otherId)',
  },
  ...SAUDI_TEXTS,
  'password.length': { en: 'must have 8 to 128 characters', ar: 'يجب أن تكون من 8 إلى 128 حرفًا' },
  'password.common': {
    en: 'is one of the passwords that are guessed first: choose another',
    ar: 'من أكثر كلمات المرور شيوعًا، اختر غيرها',
  },
  'password.about_you': {
    en: 'is made of your name, your address or ours: choose another',
    ar: 'مأخوذة من اسمك أو بريدك أو اسم الموقع، اختر غيرها',
  },
  'code.shape': { en: 'must be six digits', ar: 'يجب أن يكون ستة أرقام' },
  'document.broken': {
    en: 'cannot be read to its end: it is cut, damaged or far too large when unpacked',
    ar: 'لا يمكن قراءته حتى نهايته: مقطوع أو تالف أو أكبر بكثير من المسموح عند فتحه',
  },
  'document.future': { en: 'must not be after today', ar: 'يجب ألا يكون بعد اليوم' },
  'document.order': { en: 'must be after issuedOn', ar: 'يجب أن يكون بعد issuedOn' },
  'document.expired': { en: 'is past: the document is over', ar: 'انقضى: المستند منتهٍ' },
  'reason.note': { en: 'is needed with OTHER, in both languages', ar: 'مطلوب مع OTHER باللغتين' },
  'scopes.duplicate': { en: 'names a scope twice', ar: 'فيه صلاحية مكررة' },
  'proof.one_code': { en: 'send either code or recoveryCode', ar: 'أرسل code أو recoveryCode، أحدهما فقط' },
  'proof.one': {
    en: 'send one of password, code and recoveryCode',
    ar: 'أرسل واحدًا فقط من password و code و recoveryCode',
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
  'search.too_short': {
    en: 'must hold a word of three letters, an address, a mobile number or an id',
    ar: 'يجب أن يحتوي على كلمة من ثلاثة أحرف أو بريد أو رقم جوال أو معرّف',
  },
  'reason.too_short': { en: 'must say why', ar: 'يجب أن يذكر السبب' },
  'dates.order': { en: 'must not be before from', ar: 'يجب ألا يسبق from' },
  'search.vehicle_needed': { en: 'is needed with a year or an engine', ar: 'مطلوب مع سنة الصنع أو المحرك' },
  'search.price_range': { en: 'must not be below priceFrom', ar: 'يجب ألا يقل عن priceFrom' },
  'fits.nothing': { en: 'is needed where no make is named', ar: 'مطلوب إذا لم تُذكر الشركة الصانعة' },
  'fits.make_alone': {
    en: 'is needed with years or an engine: a make alone stands for all its cars',
    ar: 'مطلوب مع السنوات أو المحرك: الشركة وحدها تعني كل سياراتها',
  },
  'fits.span': { en: 'must be within 60 years of from', ar: 'يجب أن يكون خلال 60 سنة من from' },
  'fits.years': { en: 'must not be before from', ar: 'يجب ألا يسبق from' },
  'number.empty': { en: 'must hold a letter or a digit', ar: 'يجب أن يحتوي على حرف أو رقم' },
  'lines.duplicate': { en: 'names a listing twice', ar: 'يتكرر فيه الإعلان نفسه' },
  'row.ragged': { en: 'has {has} cells; the header has {wants}', ar: 'فيه {has} خلية، والعناوين {wants}' },
  'row.sku_repeated': { en: 'stands in row {row} already', ar: 'ورد من قبل في الصف {row}' },
  'cell.empty': { en: 'must not be empty', ar: 'يجب ألا يكون فارغًا' },
  'cell.too_many_items': { en: 'may hold at most {most} items', ar: 'يحتوي على أكثر من {most} عنصرًا' },
  'cell.whole': { en: 'must be a whole number', ar: 'يجب أن يكون عددًا صحيحًا' },
  'cell.one_of': { en: 'must be one of: {words}', ar: 'يجب أن يكون واحدًا من: {words}' },
  'cell.unknown_category': { en: 'there is no category "{value}"', ar: 'لا يوجد تصنيف «{value}»' },
  'cell.several_categories': {
    en: 'several categories are called so; use an id: {ids}',
    ar: 'أكثر من تصنيف بهذا الاسم، استخدم المعرّف: {ids}',
  },
  'cell.unknown_make': { en: 'there is no make "{value}"', ar: 'لا توجد شركة صانعة «{value}»' },
  'cell.unknown_model': { en: 'there is no model "{value}"', ar: 'لا يوجد موديل «{value}»' },
  'cell.unknown_engine': {
    en: 'this model has no engine "{value}"',
    ar: 'لا يوجد لهذا الموديل محرك «{value}»',
  },
  'cell.years': {
    en: '"{value}": years are 2012, 2012-2017 or 2012-',
    ar: '«{value}»: السنوات 2012 أو 2012-2017 أو 2012-',
  },
  'cell.reference_kind': {
    en: '"{value}": must begin with OEM:, AFTERMARKET: or SUPERSEDED:, or with nothing',
    ar: '«{value}»: يبدأ بـ OEM: أو AFTERMARKET: أو SUPERSEDED: أو بلا بادئة',
  },
  'cell.item': { en: '"{value}": {text}', ar: '«{value}»: {text}' },
}

/** The sentence of a key, its `{name}`s filled; anything else is a sentence already. */
export function fieldText(message: string, locale: Locale, values: Record<string, string> = {}): string {
  const text = TEXTS[message]?.[locale]
  return text === undefined ? message : text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}
