import { type Answer, type Call, type Route, readForm, seeOther } from '../http.js'
import type { Payments } from '../tap/payments.js'
import { sourceOf } from '../tap/sources.js'
import type { Store } from '../tap/store.js'
import { type CardEntry, cardCode } from '../tap/test-cards.js'
import type { TapPayment } from '../tap/types.js'
import type { CheckoutRow } from './hyperpay-page.js'
import type { Language } from './page.js'
import { payPage } from './pay-page.js'
import { paymentView } from './payment-parts.js'
import { noPaymentPage, resultPage } from './result-page.js'
import { startPage } from './start-page.js'

const SHOWN = 50

type Deps = {
  payments: Payments
  store: Store
  tapApiUrl: () => string
  checkouts: () => readonly CheckoutRow[]
}

export function pageRoutes({ payments, store, tapApiUrl, checkouts }: Deps): Route[] {
  function show(call: Call): Answer {
    const language = languageOf(call)
    const payment = payments.find(call.params.id ?? '')
    if (!payment) return noPaymentPage(language)
    const view = paymentView(payment, language)
    return payment.status === 'INITIATED' ? payPage(view) : resultPage(view, shopUrl(payment))
  }

  async function decide(call: Call): Promise<Answer> {
    const form = await readForm(call)
    const payment = payments.find(call.params.id ?? '')
    // A second press of a button must not decide again: it shows what the first one did.
    if (payment?.status !== 'INITIATED') return payment ? leave(payment, call) : show(call)
    const card = {
      number: form.get('card') ?? '',
      expiry: form.get('expiry') ?? '',
      cvv: form.get('cvv') ?? '',
    }
    const code = codeOf(payment, form.get('decision'), card)
    if (code === undefined) return payPage(paymentView(payment, languageOf(call)), card)
    return leave(payments.decide(payment.id, code, card.number || undefined), call)
  }

  function leave(payment: TapPayment, call: Call): Answer {
    payments.customerReturned(payment)
    return seeOther(shopUrl(payment) ?? `/pay/${payment.id}?lang=${languageOf(call)}`)
  }

  function start(): Answer {
    const newest = [...store.newest('charge').slice(0, SHOWN), ...store.newest('authorize').slice(0, SHOWN)]
    const shown = newest
      .sort((a, b) => Number(b.transaction.created) - Number(a.transaction.created))
      .slice(0, SHOWN)
    return startPage(shown.map(payments.current), tapApiUrl(), checkouts().slice(0, SHOWN))
  }

  return [
    { method: 'GET', path: '/', handle: start },
    { method: 'GET', path: '/pay/:id', handle: show },
    { method: 'POST', path: '/pay/:id', handle: decide },
  ]
}

function codeOf(payment: TapPayment, decision: string | null, card: CardEntry): string | undefined {
  if (decision === 'decline') return '501'
  if (decision === 'cancel') return '302'
  const source = sourceOf(payment.source.id)
  if (decision !== 'approve' || !source) return undefined
  if (source.takesCard) return cardCode(card, payment.object, source)
  return payment.object === 'charge' ? '000' : '001'
}

function shopUrl({ id, redirect }: TapPayment): string | undefined {
  if (!redirect) return undefined
  const url = new URL(redirect.url)
  url.searchParams.set('tap_id', id)
  return url.href
}

export function languageOf({ query, headers }: Call): Language {
  const asked = query.get('lang') ?? headers['accept-language'] ?? ''
  return asked.trim().toLowerCase().startsWith('ar') ? 'ar' : 'en'
}
