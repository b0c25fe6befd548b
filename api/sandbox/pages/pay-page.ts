import type { Answer } from '../http.js'
import { expiresAt } from '../tap/settlement.js'
import { sourceOf } from '../tap/sources.js'
import { type CardEntry, CVV_MATCH, CVV_NO_MATCH, cardsFor, EXPIRIES } from '../tap/test-cards.js'
import { type Markup, markup } from './markup.js'
import { page } from './page.js'
import { amount, facts, frame, leftToRight, type PaymentView } from './payment-parts.js'
import { labelled } from './texts.js'

/** Where the customer approves or declines. `wrong` is what was sent before and could not be used. */
export function payPage(view: PaymentView, wrong?: CardEntry): Answer {
  const { payment, language, texts } = view
  const source = sourceOf(payment.source.id)
  const method = labelled(texts.methods, source?.method) ?? payment.source.id
  const body = frame(
    view,
    markup`<form class="panel" method="post" action="/pay/${payment.id}?lang=${language}">
<p class="label">${texts.toPay}</p>
${amount(view)}
${facts(view, [
  [texts.method, markup`${method}`],
  [texts.payBefore, leftToRight(timeInRiyadh(expiresAt(payment)))],
])}
${wrong && markup`<p class="wrong" role="alert">${texts.wrongCard}</p>`}
${source?.takesCard ? cardFields(view, wrong) : undefined}
<button class="approve" name="decision" value="approve">${texts.approve}</button>
<div class="pair"><button class="decline" name="decision" value="decline">${texts.decline}</button>
<button class="cancel" name="decision" value="cancel">${texts.cancel}</button></div>
</form>`,
  )
  const formGoesTo = payment.redirect && new URL(payment.redirect.url).origin
  return page({ language, title: texts.title, body, formGoesTo, status: wrong ? 422 : 200 })
}

function cardFields({ payment, texts }: PaymentView, wrong?: CardEntry): Markup {
  const source = sourceOf(payment.source.id)
  const cards = (source ? cardsFor(source) : []).map(({ number, brand, asks3ds }) => {
    const name = `${brand === 'MADA' ? 'mada' : brand} ${number.replace(/(\d{4})(?=\d)/g, '$1 ')}${asks3ds ? ' · 3DS' : ''}`
    return { value: number, name }
  })
  const expiries = EXPIRIES.map(({ date, result }) => ({
    value: date,
    name: `${date} · ${texts.results[result]}`,
  }))
  const cvvs = [
    { value: CVV_MATCH, name: `${CVV_MATCH} · ${texts.cvvs.match}` },
    { value: CVV_NO_MATCH, name: `${CVV_NO_MATCH} · ${texts.cvvs.noMatch}` },
  ]
  return markup`<fieldset>
${choice('card', texts.card, cards, wrong?.number, 'whole')}
${choice('expiry', texts.expiry, expiries, wrong?.expiry)}
${choice('cvv', texts.cvv, cvvs, wrong?.cvv)}
</fieldset>`
}

type Option = { value: string; name: string }

function choice(name: string, label: string, options: Option[], chosen?: string, kind = ''): Markup {
  return markup`<label class="${kind}">${label}<select name="${name}" autocomplete="off">${options.map(
    option =>
      option.value === chosen
        ? markup`<option value="${option.value}" selected>${option.name}</option>`
        : markup`<option value="${option.value}">${option.name}</option>`,
  )}</select></label>`
}

const riyadh = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Riyadh',
  hour: '2-digit',
  minute: '2-digit',
})

export const timeInRiyadh = (at: number): string => riyadh.format(at)
