type Words = { ar: string; en: string }
type Data = Readonly<Record<string, string>>

/** A number keeps its direction inside Arabic text. */
const isolated = (text = ''): string => `\u2066${text}\u2069`

const aboutOrder = (ar: (number: string) => string, en: (number: string) => string) => {
  return ({ number = '' }: Data): Words => ({ ar: ar(isolated(number)), en: en(number) })
}

/** What each kind of notification says. The compiler asks for the words of every kind there is. */
const WORDS = {
  order_paid: aboutOrder(
    number => `تم دفع طلبك ${number}.`,
    number => `Your order ${number} is paid.`,
  ),
  order_to_confirm: aboutOrder(
    number => `لديك طلب جديد مدفوع ${number}: أكّده وجهّزه للشحن.`,
    number => `You have a new paid order ${number}: confirm it and get it ready.`,
  ),
  order_confirmed: aboutOrder(
    number => `أكّد البائع طلبك ${number} ويجهّزه الآن.`,
    number => `The seller confirmed your order ${number} and is getting it ready.`,
  ),
  order_shipped: aboutOrder(
    number => `شُحن طلبك ${number}.`,
    number => `Your order ${number} was shipped.`,
  ),
  order_delivered: aboutOrder(
    number => `تم تسليم طلبك ${number}.`,
    number => `Your order ${number} was delivered.`,
  ),
  order_cancelled: aboutOrder(
    number => `أُلغي الطلب ${number}.`,
    number => `Order ${number} was cancelled.`,
  ),
  order_expired: aboutOrder(
    number => `انتهت مهلة دفع طلبك ${number} وأُلغي حجز القطع.`,
    number => `The time to pay your order ${number} is over; its parts are on sale again.`,
  ),
  order_refunded: aboutOrder(
    number => `أُعيد مبلغ طلبك ${number} إليك.`,
    number => `The money of your order ${number} was sent back to you.`,
  ),
  invoice_issued: aboutOrder(
    number => `صدرت الفاتورة ${number}.`,
    number => `Invoice ${number} was issued.`,
  ),
  kyc_approved: ({ verifiedUntil }: Data): Words => ({
    ar: `تم التحقق من متجرك حتى ${isolated(verifiedUntil)}: يمكنك الآن عرض قطعك للبيع.`,
    en: `Your shop is verified until ${verifiedUntil}: you can put parts on sale now.`,
  }),
  kyc_rejected: (): Words => ({
    ar: 'لم نتمكن من التحقق من متجرك. راجع الأسباب في طلبك ثم أعد إرساله.',
    en: 'We could not verify your shop. See the reasons in your application, and send it again.',
  }),
  kyc_expiring: ({ verifiedUntil, days = '' }: Data): Words => ({
    ar: `ينتهي التحقق من متجرك في ${isolated(verifiedUntil)} (بعد ${isolated(days)} يومًا): جدّده قبل ذلك.`,
    en: `The verification of your shop ends on ${verifiedUntil}, in ${days} days: renew it before.`,
  }),
  kyc_expired: ({ verifiedUntil }: Data): Words => ({
    ar: `انتهى التحقق من متجرك في ${isolated(verifiedUntil)}، ولا تُعرض قطعك حتى تجدّده.`,
    en: `The verification of your shop ended on ${verifiedUntil}: your parts are not on sale until you renew it.`,
  }),
  seller_suspended: (): Words => ({
    ar: 'أُوقف متجرك ولا تُعرض قطعك للبيع. راجع السبب في طلب التحقق.',
    en: 'Your shop is suspended and its parts are not on sale. Your application says why.',
  }),
  seller_reinstated: (): Words => ({
    ar: 'رُفع الإيقاف عن متجرك.',
    en: 'The suspension of your shop was lifted.',
  }),
} satisfies Record<string, (data: Data) => Words>

export type NoticeKind = keyof typeof WORDS

const isKnown = (kind: string): kind is NoticeKind => Object.hasOwn(WORDS, kind)

/** One that a later release wrote, while this one runs beside it, has no words here. */
export function wordsOf(kind: string, data: Data): Words {
  return isKnown(kind) ? WORDS[kind](data) : { ar: 'لديك إشعار جديد.', en: 'You have a new notification.' }
}
