import type { Answer } from '../http.js'
import { type Markup, markup } from '../pages/markup.js'
import { logo, page } from '../pages/page.js'
import { timeInRiyadh } from '../pages/pay-page.js'
import type { Message } from './message-box.js'

/** For developers: what the system told people, e-mail and SMS alike. */
export function messagePage(messages: readonly Message[]): Answer {
  const body = markup`<main class="wide">
<header><span class="name">${logo}<bdi>CargoParts sandbox</bdi></span><nav><a href="/">Payments</a><a href="/messages" aria-current="page">Messages</a></nav></header>
<p class="notice">Nothing leaves this machine: messages to people end here.</p>
${messages.length === 0 ? nothing : messages.map(panel)}
</main>`
  return page({ language: 'en', title: 'Messages · CargoParts sandbox', body })
}

const nothing = markup`<div class="panel"><h1>Messages</h1><p class="label">None yet. Open an account, and its address is to be confirmed.</p></div>`

function panel({ channel, to, at, locale, subject, text }: Message): Markup {
  return markup`<article class="panel message"><p class="label"><span class="state">${channel === 'sms' ? 'SMS' : 'E-mail'}</span> to <bdi>${to}</bdi>, ${timeInRiyadh(at.getTime())}</p>
<div lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}">${subject && markup`<h1>${subject}</h1>`}
<p class="text">${text.split(/(https?:\/\/\S+)/).map(linked)}</p></div></article>
`
}

const linked = (piece: string): Markup =>
  /^https?:\/\//.test(piece) ? markup`<a href="${piece}" dir="ltr">${piece}</a>` : markup`${piece}`
