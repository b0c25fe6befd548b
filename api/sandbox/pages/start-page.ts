import type { Answer } from '../http.js'
import { groupedAmount } from '../tap/amount.js'
import type { TapPayment } from '../tap/types.js'
import type { CheckoutRow } from './hyperpay-page.js'
import { type Markup, markup } from './markup.js'
import { logo, page } from './page.js'
import { timeInRiyadh } from './pay-page.js'

/** For developers: what was asked of the sandbox lately. */
export function startPage(
  payments: readonly TapPayment[],
  tapApiUrl: string,
  checkouts: readonly CheckoutRow[],
): Answer {
  const body = markup`<main class="wide">
<header><span class="name">${logo}<bdi>CargoParts sandbox</bdi></span><nav><a href="/" aria-current="page">Payments</a><a href="/messages">Messages</a></nav></header>
<p class="notice">Stands in for the payment provider on this machine. API: <code>${tapApiUrl}</code></p>
<div class="panel scroll"><h1>Recent payments</h1>${payments.length === 0 ? nothing : table(payments)}</div>
${checkouts.length === 0 ? undefined : markup`<div class="panel scroll second"><h1>HyperPay checkouts</h1>${checkoutTable(checkouts)}</div>`}
</main>`
  return page({ language: 'en', title: 'CargoParts sandbox', body })
}

const nothing = markup`<p class="label">None yet. They appear here as soon as an order is paid.</p>`

function table(payments: readonly TapPayment[]): Markup {
  return markup`<table>
<thead><tr><th>Time</th><th>Payment</th><th>Order</th><th class="number">Amount</th><th>Status</th><th>Webhook</th></tr></thead>
<tbody>${payments.map(row)}</tbody></table>`
}

function row(payment: TapPayment): Markup {
  const { id, status, transaction, reference, amount, currency, post } = payment
  return markup`<tr><td>${timeInRiyadh(Number(transaction.created))}</td><td><a href="/pay/${id}"><code>${id}</code></a></td>
<td>${reference.order ?? reference.transaction ?? '–'}</td><td class="number">${groupedAmount(amount, currency)} ${currency}</td>
<td><span class="state ${status}">${status}</span></td><td>${post?.attempt ? `${post.status} (${post.attempt})` : '–'}</td></tr>
`
}

function checkoutTable(checkouts: readonly CheckoutRow[]): Markup {
  return markup`<table>
<thead><tr><th>Time</th><th>Checkout</th><th>Order</th><th class="number">Amount</th><th>Status</th></tr></thead>
<tbody>${checkouts.map(
    ({ at, id, order, amount, currency, state }) =>
      markup`<tr><td>${timeInRiyadh(at)}</td><td><a href="/hyperpay/pay/${id}"><code>${id}</code></a></td>
<td>${order}</td><td class="number">${groupedAmount(amount, currency)} ${currency}</td><td><span class="state">${state}</span></td></tr>
`,
  )}</tbody></table>`
}
