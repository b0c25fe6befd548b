/** What is wrong with a value, as the end of a sentence that begins with its name. */
export const SAUDI_TEXTS: Readonly<Record<string, { ar: string; en: string }>> = {
  'mobile.shape': {
    en: 'must be a Saudi mobile number such as +966512345678',
    ar: 'يجب أن يكون رقم جوال سعودي مثل ‎+966512345678',
  },
  'mobile.range': {
    en: 'begins with digits that no Saudi mobile number has',
    ar: 'يبدأ بأرقام لا يبدأ بها جوال سعودي',
  },
  'national_id.shape': { en: 'must be ten digits', ar: 'يجب أن يتكون من عشرة أرقام' },
  'national_id.first': {
    en: 'must begin with 1 (national ID) or 2 (Iqama)',
    ar: 'يجب أن يبدأ بالرقم 1 (هوية وطنية) أو 2 (إقامة)',
  },
  'national_id.check': {
    en: 'has a wrong check digit: one of its digits is mistyped',
    ar: 'رقم التحقق فيه غير صحيح: أحد الأرقام مكتوب خطأ',
  },
  'cr.shape': { en: 'must be ten digits', ar: 'يجب أن يتكون من عشرة أرقام' },
  'vat.shape': {
    en: 'must be fifteen digits that begin and end with 3',
    ar: 'يجب أن يتكون من خمسة عشر رقمًا يبدأ وينتهي بالرقم 3',
  },
  'vat.ends': { en: 'must begin and end with 3', ar: 'يجب أن يبدأ وينتهي بالرقم 3' },
  'iban.shape': {
    en: 'must be SA and 22 characters, such as SA03 8000 0000 6080 1016 7519',
    ar: 'يجب أن يتكون من SA و22 خانة، مثل ‎SA03 8000 0000 6080 1016 7519',
  },
  'iban.country': {
    en: 'must be an account in Saudi Arabia (SA)',
    ar: 'يجب أن يكون لحساب في السعودية (SA)',
  },
  'iban.check': {
    en: 'has wrong check digits: one of its characters is mistyped',
    ar: 'رقما التحقق فيه غير صحيحين: إحدى خاناته مكتوبة خطأ',
  },
  'address.building': {
    en: 'must be a building number of four digits',
    ar: 'يجب أن يكون رقم مبنى من أربعة أرقام',
  },
  'address.additional': {
    en: 'must be an additional number of four digits',
    ar: 'يجب أن يكون رقمًا إضافيًا من أربعة أرقام',
  },
  'address.postal': {
    en: 'must be a postal code of five digits',
    ar: 'يجب أن يكون رمزًا بريديًا من خمسة أرقام',
  },
  'address.short': {
    en: 'must be a short address of four letters and four digits, such as RRRD2929',
    ar: 'يجب أن يكون عنوانًا مختصرًا من أربعة أحرف وأربعة أرقام مثل RRRD2929',
  },
  'address.short_building': {
    en: 'does not end in the building number',
    ar: 'لا ينتهي برقم المبنى',
  },
  'address.parts': {
    en: 'must have three parts: building number and street, district, city with postal code',
    ar: 'يجب أن يتكون من ثلاثة أجزاء: رقم المبنى والشارع، الحي، المدينة مع الرمز البريدي',
  },
  'day.shape': {
    en: 'must be a date such as 2026-03-01 or 1447-09-12',
    ar: 'يجب أن يكون تاريخًا مثل 2026-03-01 أو 1447-09-12',
  },
  'day.none': { en: 'is a day that does not exist', ar: 'يوم لا وجود له' },
  'day.range': {
    en: 'must be in the years 1900 to 2077, or 1318 to 1500 of the Hijri calendar',
    ar: 'يجب أن يكون بين 1900 و2077 ميلادية، أو بين 1318 و1500 هجرية',
  },
  'price.shape': {
    en: 'must be an amount in riyals such as 115, 115.50 or 1,150.00',
    ar: 'يجب أن يكون مبلغًا بالريال مثل 115 أو 115.50 أو 1,150.00',
  },
  'price.decimals': {
    en: 'has more than two decimals: a riyal has a hundred halalas',
    ar: 'فيه أكثر من خانتين عشريتين: الريال مئة هللة',
  },
  'price.range': {
    en: 'must be from 0.01 to 9,999,999.99 riyals',
    ar: 'يجب أن يكون من 0.01 إلى 9,999,999.99 ريال',
  },
  'text.control': {
    en: 'must not hold control or direction-changing characters',
    ar: 'يجب ألا يحتوي على رموز تحكم أو رموز تغيير الاتجاه',
  },
  'text.blank': { en: 'must hold something to read', ar: 'يجب أن يحتوي على ما يُقرأ' },
  'text.too_long': { en: 'is too long', ar: 'أطول من المسموح' },
  'text.not_arabic': { en: 'must be written in Arabic', ar: 'يجب أن يكون مكتوبًا بالعربية' },
  'file.empty': { en: 'is empty', ar: 'ملف فارغ' },
  'file.too_large': { en: 'may have at most 10 MB', ar: 'أقصى حجم هو 10 ميجابايت' },
  'file.kind': {
    en: 'must be a JPEG, PNG, WebP or PDF file',
    ar: 'يجب أن يكون ملف JPEG أو PNG أو WebP أو PDF',
  },
  'file.mismatch': {
    en: 'is not of the kind it is said to be',
    ar: 'نوعه يختلف عن النوع المذكور',
  },
  'file.name': { en: 'must have a name', ar: 'يجب أن يكون له اسم' },
  'file.name_length': {
    en: 'must have a name of at most 255 characters',
    ar: 'يجب ألا يزيد اسمه على 255 حرفًا',
  },
}
