import type { Answer } from '../http.js'
import { markup } from './markup.js'
import { type Language, logo, page } from './page.js'
import { amount, facts, frame, leftToRight, type PaymentView } from './payment-parts.js'
import { labelled, textsOf } from './texts.js'

const tick = markup`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m5 12.5 4.5 4.5L19 7.5"/></svg>`
const cross = markup`<svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round" aria-hidden="true"><path d="M7 7l10 10M17 7 7 17"/></svg>`

/** What became of a payment that is decided. */
export function resultPage(view: PaymentView, shopUrl: string | undefined): Answer {
  const { payment, language, texts } = view
  const isGood = payment.status === 'CAPTURED' || payment.status === 'AUTHORIZED'
  const title = labelled(texts.states, payment.status) ?? texts.unknown
  const { code, message } = payment.response
  const body = frame(
    view,
    markup`<div class="panel result">
<div class="seal ${isGood ? '' : 'bad'}">${isGood ? tick : cross}</div>
<h1>${title}</h1>
${amount(view)}
${facts(view, [[texts.response, leftToRight(`${code} ${message}`)]])}
${shopUrl === undefined ? undefined : markup`<a class="button approve" href="${shopUrl}">${texts.back}</a>`}
</div>`,
  )
  return page({ language, title, body, status: payment.status === 'ABANDONED' ? 410 : 200 })
}

export function noPaymentPage(language: Language): Answer {
  const texts = textsOf(language)
  const body = markup`<main><header><span class="name">${logo}<bdi>CargoParts</bdi></span></header>
<div class="panel result"><div class="seal bad">${cross}</div><h1>${texts.notFound}</h1><p class="label">${texts.notFoundText}</p></div></main>`
  return page({ language, title: texts.notFound, body, status: 404 })
}
