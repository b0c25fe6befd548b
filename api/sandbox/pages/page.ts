import { createHash } from 'node:crypto'
import type { Answer } from '../http.js'
import { Markup, markup } from './markup.js'
import { STYLE } from './style.js'

const styleHash = createHash('sha256').update(STYLE).digest('base64')
const styleTag = markup`<style>${new Markup(STYLE)}</style>`

export type Language = 'ar' | 'en'
type Page = {
  language: Language
  title: string
  body: Markup
  status?: number
  formGoesTo?: string
  /** Who may show it in a frame; nobody when left out. */
  framedBy?: string
}

/** A page that can do nothing but show itself and send its form to `formGoesTo` and back to us. */
export function page({
  language,
  title,
  body,
  status = 200,
  formGoesTo = '',
  framedBy = "'none'",
}: Page): Answer {
  const text = markup`<!doctype html>
<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
${styleTag}
</head>
<body>${body}</body>
</html>
`.text
  return { status, headers: headers(formGoesTo, framedBy), body: text }
}

function headers(formGoesTo: string, framedBy: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    // Browsers hold this against the redirect after the form, too.
    `form-action 'self' ${formGoesTo}`.trim(),
    "base-uri 'none'",
    `frame-ancestors ${framedBy}`,
  ]
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy.join('; '),
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
  }
}

export const logo = markup`<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#0f6b4f"/><circle cx="16" cy="16" r="7" fill="none" stroke="#fff" stroke-width="3"/><circle cx="16" cy="16" r="2" fill="#fff"/><g stroke="#fff" stroke-width="3" stroke-linecap="round"><path d="M16 5.5v2M16 24.5v2M5.5 16h2M24.5 16h2M8.6 8.6l1.4 1.4M22 22l1.4 1.4M8.6 23.4l1.4-1.4M22 10l1.4-1.4"/></g></svg>`
