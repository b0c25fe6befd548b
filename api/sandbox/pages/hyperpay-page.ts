import type { Answer } from '../http.js'
import type { Checkouts } from '../hyperpay/checkouts.js'
import { isApproved, isPending } from '../hyperpay/results.js'
import type { Checkout, Operation } from '../hyperpay/types.js'
import { type Markup, markup } from './markup.js'
import { type Language, page } from './page.js'
import { timeInRiyadh } from './pay-page.js'
import { amount, facts, frame, leftToRight, type PaymentView, type Shown } from './payment-parts.js'
import { textsOf } from './texts.js'

/** HyperPay's integrations test with these; what comes of it is the tester's to choose. */
export const CARDS = [
  { brand: 'VISA', number: '4440000009900010', expiry: '01/39' },
  { brand: 'MADA', number: '5360230159427034', expiry: '11/25' },
  { brand: 'MASTER', number: '5123450000000008', expiry: '01/39' },
  { brand: 'APPLEPAY', number: '', expiry: '' },
] as const
export const OUTCOMES = [
  ['approved', '000.100.110'],
  ['declined', '800.100.155'],
  ['threeDs', '100.380.401'],
  ['review', '000.400.000'],
  ['pending', '000.200.000'],
  ['uncertain', '900.100.300'],
] as const

export type CheckoutRow = {
  at: number
  id: string
  order: string
  amount: number
  currency: string
  state: string
}
type View = PaymentView<Shown>

export function rowOf(checkout: Checkout, last: Operation | undefined): CheckoutRow {
  const { id, at, amount, currency, merchantInvoiceId, merchantTransactionId } = checkout
  const order = merchantInvoiceId ?? merchantTransactionId
  return { id, at, order, amount: Number(amount), currency, state: last?.result.code ?? 'open' }
}

/** `query` is the rest of the page's address: who shows it, and where its customer goes afterwards. */
export function hyperpayView(checkout: Checkout, language: Language, query: URLSearchParams): View {
  const link = (each: Language) => {
    const other = new URLSearchParams(query)
    other.set('lang', each)
    return `/hyperpay/pay/${checkout.id}?${other}`
  }
  const payment = {
    id: checkout.id,
    amount: Number(checkout.amount),
    currency: checkout.currency,
    reference: { order: checkout.merchantInvoiceId ?? checkout.merchantTransactionId },
  }
  return { payment, language, texts: textsOf(language), link }
}

export function hyperpayPage(
  view: View,
  checkout: Checkout,
  { brands, back, checkouts }: { brands: readonly string[]; back: URL | undefined; checkouts: Checkouts },
): Answer {
  const { language, texts, link } = view
  const cards = CARDS.filter(({ brand }) => brands.length === 0 || brands.includes(brand))
  const body = frame(
    view,
    markup`<form class="panel" method="post" target="_top" action="${link(language)}">
<p class="label">${texts.toPay}</p>
${amount(view)}
${facts(view, [[texts.payBefore, leftToRight(timeInRiyadh(checkouts.expiresAt(checkout)))]])}
<fieldset>
<label class="whole">${texts.card}<select name="card" autocomplete="off">${cards.map(cardOption)}</select></label>
<label class="whole">${texts.outcome}<select name="code" autocomplete="off">${OUTCOMES.map(
      ([name, code]) => markup`<option value="${code}">${code} · ${texts.outcomes[name]}</option>`,
    )}</select></label>
</fieldset>
<button class="approve" name="decision" value="pay">${texts.approve}</button>
<div class="pair"><button class="decline" name="decision" value="decline">${texts.decline}</button>
<button class="cancel" name="decision" value="cancel">${texts.cancel}</button></div>
</form>`,
  )
  return page({ language, title: texts.title, body, formGoesTo: back?.origin ?? '', framedBy: '*' })
}

/** What became of a checkout that is decided, or whose time is over. */
export function hyperpayResultPage(
  view: View,
  last: Operation | undefined,
  shopUrl: string | undefined,
): Answer {
  const { language, texts } = view
  const title = !last
    ? texts.states.ABANDONED
    : isApproved(last.result)
      ? texts.states.CAPTURED
      : isPending(last.result)
        ? texts.unknown
        : texts.states.DECLINED
  const said = last ? leftToRight(`${last.result.code} ${last.result.description}`) : undefined
  const body = frame(
    view,
    markup`<div class="panel result"><h1>${title}</h1>
${amount(view)}
${facts(view, said ? [[texts.response, said]] : [])}
${shopUrl === undefined ? undefined : markup`<a class="button approve" href="${shopUrl}" target="_top">${texts.back}</a>`}
</div>`,
  )
  return page({ language, title, body, framedBy: '*', status: last ? 200 : 410 })
}

function cardOption({ brand, number, expiry }: (typeof CARDS)[number]): Markup {
  const name = number === '' ? 'Apple Pay' : `${brand} ${number.replace(/(\d{4})(?=\d)/g, '$1 ')} · ${expiry}`
  return markup`<option value="${brand}">${name}</option>`
}
