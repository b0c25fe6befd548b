import { groupedAmount } from '../tap/amount.js'
import type { TapPayment } from '../tap/types.js'
import { type Markup, markup } from './markup.js'
import { type Language, logo } from './page.js'
import { type Texts, textsOf } from './texts.js'

/** What every page of a payment shows: whose it is, how much, and for what. */
export type Shown = {
  id: string
  amount: number
  currency: string
  reference: { order?: string; transaction?: string }
}
export type PaymentView<P extends Shown = TapPayment> = {
  payment: P
  language: Language
  texts: Texts
  /** The page's own address in a language. */
  link: (language: Language) => string
}

export function paymentView(payment: TapPayment, language: Language): PaymentView {
  return { payment, language, texts: textsOf(language), link: each => `/pay/${payment.id}?lang=${each}` }
}

export function frame({ language, texts, link }: PaymentView<Shown>, content: Markup): Markup {
  const other = language === 'ar' ? 'en' : 'ar'
  return markup`<main>
<header><span class="name">${logo}<bdi>CargoParts</bdi></span>
<a class="language" href="${link(other)}" lang="${other}" hreflang="${other}">${texts.other}</a></header>
<p class="notice">${texts.notice}</p>
${content}
<footer>${texts.secure}</footer>
</main>`
}

export function amount({ payment, language }: PaymentView<Shown>): Markup {
  const currency = language === 'ar' && payment.currency === 'SAR' ? 'ر.س' : payment.currency
  return markup`<p class="amount"><bdi>${groupedAmount(payment.amount, payment.currency)}</bdi> <small>${currency}</small></p>`
}

export function facts(
  { payment, texts }: PaymentView<Shown>,
  rows: readonly (readonly [string, Markup])[],
): Markup {
  const order = payment.reference.order ?? payment.reference.transaction
  const all = order === undefined ? rows : [[texts.order, leftToRight(order)] as const, ...rows]
  return markup`<dl>${all.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}
<dt>${texts.reference}</dt><dd class="id">${leftToRight(payment.id)}</dd></dl>`
}

/** Numbers and Latin names keep their order inside an Arabic line. */
export const leftToRight = (text: string): Markup => markup`<bdi dir="ltr">${text}</bdi>`
