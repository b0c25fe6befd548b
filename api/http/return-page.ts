import type Router from '@koa/router'
import { type Locale, localeOf } from './locale.js'

const TEXTS: Record<Locale, { dir: string; title: string; text: string }> = {
  ar: {
    dir: 'rtl',
    title: 'عدت إلى المتجر',
    text: 'يظهر في طلبك هل تم الدفع. يمكنك إغلاق هذه الصفحة.',
  },
  en: {
    dir: 'ltr',
    title: 'Back at the shop',
    text: 'Your order shows whether it was paid. You can close this page.',
  },
}

/**
 * Where a buyer lands after the provider's page when no client app has a page of its own. It says nothing
 * about the payment: what a browser brings back proves nothing, the provider's event does.
 */
export function mountReturnPage(router: Router, defaultLocale: Locale): void {
  router.get('/payments/:id', ctx => {
    const locale = localeOf(ctx, defaultLocale)
    ctx.vary('Accept-Language')
    ctx.type = 'text/html'
    ctx.body = pageIn(locale)
  })
}

function pageIn(locale: Locale): string {
  const { dir, title, text } = TEXTS[locale]
  return `<!doctype html>
<html lang="${locale}" dir="${dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · CargoParts</title>
<style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font-family: system-ui, sans-serif; background: #f4f5f9; color: #14213d }
main { background: #fff; border-radius: 16px; padding: 2.5rem 2rem; max-width: 22rem; margin: 1rem; text-align: center; box-shadow: 0 1px 12px #14213d14 }
h1 { margin: 0 0 .75rem; color: #14213d }
p { margin: 0; line-height: 1.6 }
</style>
</head>
<body><main><h1>${title}</h1><p>${text}</p></main></body>
</html>
`
}
