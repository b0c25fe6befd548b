type Words = { ar: string; en: string }

/** Why an officer says no: the seller reads it in his language. */
const TEXTS = {
  DOCUMENT_UNREADABLE: {
    en: 'A document cannot be read: send a clearer picture.',
    ar: 'أحد المستندات غير واضح: أرسل صورة أوضح.',
  },
  DOCUMENT_EXPIRED: {
    en: 'A document is over, or ends too soon: send the renewed one.',
    ar: 'أحد المستندات منتهٍ أو يوشك على الانتهاء: أرسل المجدَّد منه.',
  },
  NUMBER_MISMATCH: {
    en: 'A number differs from the one on its document.',
    ar: 'أحد الأرقام يخالف ما في مستنده.',
  },
  NAME_MISMATCH: {
    en: 'A name differs from the one in the register.',
    ar: 'أحد الأسماء يخالف ما في السجل.',
  },
  REGISTRATION_INACTIVE: {
    en: 'The commercial registration is not active.',
    ar: 'السجل التجاري غير نشط.',
  },
  ACCOUNT_NOT_OWNED: {
    en: 'The bank account does not belong to the firm.',
    ar: 'الحساب البنكي ليس باسم المنشأة.',
  },
  OTHER: { en: '', ar: '' },
} satisfies Record<string, Words>

export type ReasonCode = keyof typeof TEXTS
// the keys of a literal are what its type says
export const REASON_CODES = Object.keys(TEXTS) as [ReasonCode, ...ReasonCode[]]

/** `note` adds to it, or says all of it where the code is OTHER; in both languages, because either may be read. */
export type Reason = { code: ReasonCode; note?: Words | undefined }

export const reasonText = ({ code, note }: Reason): Words => ({
  ar: [TEXTS[code].ar, note?.ar].filter(Boolean).join(' '),
  en: [TEXTS[code].en, note?.en].filter(Boolean).join(' '),
})
