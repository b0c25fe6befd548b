import { createHash } from 'node:crypto'

/**
 * What paymentWidgets.js does in the shop's page: puts HyperPay's own fields where the form stands, so that no card
 * ever passes through the shop. Here they are the sandbox's hosted page in a frame.
 */
export function widget(baseUrl: string, checkoutId: string): string {
  const page = JSON.stringify(`${baseUrl}/hyperpay/pay/${encodeURIComponent(checkoutId)}`)
  return `(() => {
  const show = () => {
    const form = document.querySelector('form.paymentWidgets')
    if (!form) return
    const options = window.wpwlOptions || {}
    const frame = document.createElement('iframe')
    const query = new URLSearchParams({ lang: options.locale || 'en', brands: form.dataset.brands || '', back: form.action })
    frame.src = ${page} + '?' + query
    frame.title = 'HyperPay'
    frame.style = 'display:block;width:100%;height:44rem;border:0'
    form.replaceWith(frame)
  }
  document.readyState === 'loading' ? document.addEventListener('DOMContentLoaded', show) : show()
})()
`
}

export const integrityOf = (script: string): string =>
  `sha384-${createHash('sha384').update(script).digest('base64')}`
