import { type Answer, type Call, type Route, readForm, seeOther } from '../http.js'
import type { Checkouts } from '../hyperpay/checkouts.js'
import type { Ledger } from '../hyperpay/ledger.js'
import { CANCELLED, DECLINED, isApproved, isPending } from '../hyperpay/results.js'
import type { Checkout, Operation } from '../hyperpay/types.js'
import { CARDS, hyperpayPage, hyperpayResultPage, hyperpayView, OUTCOMES } from './hyperpay-page.js'
import { languageOf } from './page-routes.js'
import { noPaymentPage } from './result-page.js'

/** The hosted page of HyperPay's stand-in: inside the shop's page as the real fields are, or on its own. */
export function hyperpayPageRoutes({ ledger, checkouts }: { ledger: Ledger; checkouts: Checkouts }): Route[] {
  function show(call: Call): Answer {
    const checkout = ledger.checkout(call.params.id ?? '')
    if (!checkout) return noPaymentPage(languageOf(call))
    const view = hyperpayView(checkout, languageOf(call), call.query)
    const last = checkouts.attemptsOf(checkout)[0]
    if (isDecided(last) || !checkouts.find(checkout.id))
      return hyperpayResultPage(view, last, shopUrl(checkout, call))
    const brands = (call.query.get('brands') ?? '').split(' ').filter(brand => brand !== '')
    return hyperpayPage(view, checkout, { brands, back: backOf(call), checkouts })
  }

  async function decide(call: Call): Promise<Answer> {
    const form = await readForm(call)
    const checkout = checkouts.find(call.params.id ?? '')
    // a second press of a button must not pay again: it shows what the first one did
    if (!checkout || isDecided(checkouts.attemptsOf(checkout)[0]))
      return checkout ? leave(checkout, call) : show(call)
    const chosen = OUTCOMES.find(([, code]) => code === form.get('code'))
    const card = CARDS.find(({ brand }) => brand === form.get('card')) ?? CARDS[0]
    const decision = form.get('decision')
    const code = decision === 'decline' ? DECLINED : decision === 'cancel' ? CANCELLED : chosen?.[1]
    if (code === undefined) return show(call)
    checkouts.pay(checkout.id, { code, brand: card.brand, ...cardOf(card) })
    return leave(checkout, call)
  }

  function leave(checkout: Checkout, call: Call): Answer {
    return seeOther(shopUrl(checkout, call) ?? `/hyperpay/pay/${checkout.id}?lang=${languageOf(call)}`)
  }

  return [
    { method: 'GET', path: '/hyperpay/pay/:id', handle: show },
    { method: 'POST', path: '/hyperpay/pay/:id', handle: decide },
  ]
}

const isDecided = (last: Operation | undefined): boolean =>
  last !== undefined && (isApproved(last.result) || isPending(last.result))

/** Where the shop wants its customer, with what HyperPay adds. */
function shopUrl({ id }: Checkout, call: Call): string | undefined {
  const url = backOf(call)
  if (!url) return undefined
  url.searchParams.set('id', id)
  url.searchParams.set('resourcePath', `/v1/checkouts/${id}/payment`)
  return url.href
}

function backOf({ query }: Call): URL | undefined {
  const back = query.get('back') ?? ''
  return URL.canParse(back) && /^https?:$/.test(new URL(back).protocol) ? new URL(back) : undefined
}

function cardOf({ number, expiry }: (typeof CARDS)[number]): { card?: NonNullable<Operation['card']> } {
  if (number === '') return {}
  const [month = '', year = ''] = expiry.split('/')
  return {
    card: {
      bin: number.slice(0, 6),
      last4Digits: number.slice(-4),
      holder: 'Test Customer',
      expiryMonth: month,
      expiryYear: `20${year}`,
    },
  }
}
