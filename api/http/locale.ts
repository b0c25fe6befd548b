import type { Context } from 'koa'

export const LOCALES = ['ar', 'en'] as const
export type Locale = (typeof LOCALES)[number]

/** The reader's choice by Accept-Language; the house's language where they did not say, or want neither. */
export function localeOf(ctx: Pick<Context, 'acceptsLanguages' | 'get'>, fallback: Locale): Locale {
  if (ctx.get('accept-language') === '' || ctx.get('accept-language') === '*') return fallback
  const other = fallback === 'ar' ? 'en' : 'ar'
  const chosen = ctx.acceptsLanguages(fallback, other)
  return chosen === 'ar' || chosen === 'en' ? chosen : fallback
}
