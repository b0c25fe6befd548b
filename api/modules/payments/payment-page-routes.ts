import { randomBytes } from 'node:crypto'
import type Router from '@koa/router'
import { type Locale, localeOf } from '../../http/locale.js'
import { AppError } from '../../platform/errors.js'
import { toSar } from '../../platform/money.js'
import type { HostedFields } from './gateways/gateway.js'
import type { PaymentService } from './payment-service.js'

const TEXTS: Record<
  Locale,
  { dir: string; title: string; toPay: string; sar: string; over: string; back: string }
> = {
  ar: {
    dir: 'rtl',
    title: 'الدفع',
    toPay: 'المبلغ المطلوب',
    sar: 'ر.س',
    over: 'انتهت صلاحية هذه الصفحة، أو تم الدفع. يظهر في طلبك ما حدث.',
    back: 'العودة إلى المتجر',
  },
  en: {
    dir: 'ltr',
    title: 'Payment',
    toPay: 'To pay',
    sar: 'SAR',
    over: 'This page is over, or the payment is made. Your order shows what became of it.',
    back: 'Back to the shop',
  },
}
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type Fields = Awaited<ReturnType<PaymentService['fieldsOf']>>

/**
 * The page of a provider that has none: its card fields, run by its own script, in a page of ours that does
 * nothing else. No card passes through us (PCI DSS, SAQ A), and nothing but the provider may run here (6.4.3).
 */
export function mountPaymentPage(router: Router, payments: PaymentService, defaultLocale: Locale): void {
  router.get('/pay/:id', async ctx => {
    const { id = '' } = ctx.params
    if (!UUID.test(id)) throw new AppError('not_found', 'payments.not_found', 'There is no such payment.')
    const shown = await payments.fieldsOf(id)
    const locale = localeOf(ctx, defaultLocale)
    const nonce = randomBytes(16).toString('base64')
    ctx.vary('Accept-Language')
    ctx.set('Content-Security-Policy', policy(shown, nonce))
    ctx.set('Cache-Control', 'no-store')
    ctx.type = 'text/html'
    ctx.body = pageIn(locale, shown, nonce)
  })
}

/** What the bank asks of its customer (3-D Secure) comes from the bank's own address, which nobody knows beforehand. */
function policy({ fields, returnUrl }: Fields, nonce: string): string {
  const provider = new URL(fields.script).origin
  const shop = new URL(returnUrl).origin
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' ${provider}`,
    `style-src 'unsafe-inline' ${provider}`,
    `img-src data: ${provider}`,
    `font-src ${provider}`,
    `connect-src ${provider}`,
    `frame-src https: ${provider}`,
    `form-action https: ${provider} ${shop}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function pageIn(
  locale: Locale,
  { fields, amountHalalas, isPayable, returnUrl }: Fields,
  nonce: string,
): string {
  const { dir, title, toPay, sar, over, back } = TEXTS[locale]
  const body = isPayable
    ? `<p>${toPay}</p><p class="amount"><bdi>${toSar(amountHalalas)}</bdi> ${sar}</p>
<form class="paymentWidgets" action="${escaped(returnUrl)}" data-brands="${escaped(fields.brands)}"></form>
${scripts(fields, locale, nonce)}`
    : `<p>${over}</p><p><a href="${escaped(returnUrl)}">${back}</a></p>`
  return `<!doctype html>
<html lang="${locale}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="referrer" content="no-referrer">
<title>${title} · CargoParts</title>
<style>
body { margin: 0; font-family: system-ui, sans-serif; background: #f4f5f9; color: #14213d }
main { max-width: 30rem; margin: 0 auto; padding: 1.5rem 1rem }
p { margin: 0; line-height: 1.6 }
.amount { font-size: 2rem; font-weight: 700; margin-bottom: 1rem }
</style>
</head>
<body><main>${body}</main></body>
</html>
`
}

/** With its hash, where the provider gives one: a script that was tampered with on its way does not run. */
function scripts({ script, integrity }: HostedFields, locale: Locale, nonce: string): string {
  const held = integrity === null ? '' : ` integrity="${escaped(integrity)}"`
  return `<script nonce="${nonce}">window.wpwlOptions = { locale: '${locale}', paymentTarget: '_top' }</script>
<script nonce="${nonce}" src="${escaped(script)}"${held} crossorigin="anonymous"></script>`
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '')
