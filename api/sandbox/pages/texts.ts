import type { Language } from './page.js'

const en = {
  other: 'العربية',
  title: 'Payment to CargoParts',
  notice: 'Test payment. No money moves.',
  toPay: 'To pay',
  order: 'Order',
  reference: 'Payment no.',
  method: 'Method',
  payBefore: 'Pay before',
  card: 'Test card',
  expiry: 'Expiry and result',
  cvv: 'Security code',
  approve: 'Approve payment',
  decline: 'Decline',
  cancel: 'Cancel',
  wrongCard: 'Choose one of the test cards, one of its dates and one of its codes.',
  secure: 'Sandbox of the payment provider on this machine',
  back: 'Back to the shop',
  notFound: 'There is no such payment',
  notFoundText: 'The link is wrong, or the payment is too old to be kept.',
  response: 'Answer',
  results: {
    approved: 'approved',
    declined: 'declined',
    expired: 'card expired',
    timedOut: 'timed out',
    acquirerError: 'acquirer error',
  },
  cvvs: { match: 'correct', noMatch: 'wrong' },
  methods: {
    CARD: 'Card',
    MADA: 'mada',
    STC_PAY: 'stc pay',
    APPLE_PAY: 'Apple Pay',
    GOOGLE_PAY: 'Google Pay',
    TABBY: 'Tabby',
  },
  states: {
    CAPTURED: 'Payment received',
    AUTHORIZED: 'Amount reserved',
    DECLINED: 'Payment declined',
    FAILED: 'Payment failed',
    CANCELLED: 'Payment cancelled',
    ABANDONED: 'This payment has expired',
    TIMEDOUT: 'The bank did not answer',
    VOID: 'Reservation released',
    RESTRICTED: 'Payment not allowed',
  },
  unknown: 'The result is not known',
}

export type Texts = typeof en

const ar: Texts = {
  other: 'English',
  title: 'الدفع إلى CargoParts',
  notice: 'دفعة تجريبية. لن يُخصم أي مبلغ.',
  toPay: 'المبلغ المطلوب',
  order: 'رقم الطلب',
  reference: 'رقم الدفعة',
  method: 'طريقة الدفع',
  payBefore: 'ادفع قبل',
  card: 'بطاقة تجريبية',
  expiry: 'تاريخ الانتهاء والنتيجة',
  cvv: 'رمز الأمان',
  approve: 'الموافقة على الدفع',
  decline: 'رفض',
  cancel: 'إلغاء',
  wrongCard: 'اختر إحدى البطاقات التجريبية وأحد تواريخها وأحد رموزها.',
  secure: 'بيئة تجريبية لمزوّد الدفع على هذا الجهاز',
  back: 'العودة إلى المتجر',
  notFound: 'لا توجد دفعة بهذا الرقم',
  notFoundText: 'الرابط غير صحيح، أو أن الدفعة قديمة ولم تعد محفوظة.',
  response: 'الرد',
  results: {
    approved: 'مقبولة',
    declined: 'مرفوضة',
    expired: 'بطاقة منتهية',
    timedOut: 'انتهت المهلة',
    acquirerError: 'خطأ لدى البنك',
  },
  cvvs: { match: 'صحيح', noMatch: 'خاطئ' },
  methods: {
    CARD: 'بطاقة',
    MADA: 'مدى',
    STC_PAY: 'stc pay',
    APPLE_PAY: 'Apple Pay',
    GOOGLE_PAY: 'Google Pay',
    TABBY: 'تابي',
  },
  states: {
    CAPTURED: 'تم استلام الدفعة',
    AUTHORIZED: 'تم حجز المبلغ',
    DECLINED: 'رُفضت الدفعة',
    FAILED: 'فشلت الدفعة',
    CANCELLED: 'أُلغيت الدفعة',
    ABANDONED: 'انتهت صلاحية هذه الدفعة',
    TIMEDOUT: 'لم يرد البنك',
    VOID: 'أُلغي حجز المبلغ',
    RESTRICTED: 'الدفعة غير مسموح بها',
  },
  unknown: 'النتيجة غير معروفة',
}

const TEXTS: Record<Language, Texts> = { ar, en }
export const textsOf = (language: Language): Texts => TEXTS[language]

/** A label when there is one for this key. */
export function labelled(labels: Record<string, string>, key: string | undefined): string | undefined {
  return key !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined
}
