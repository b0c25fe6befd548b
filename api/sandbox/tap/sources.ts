/** What `source.id` may name, and what a payment made with it says afterwards. */
export type Source = {
  method: string
  type: string
  /** A card is asked for on the hosted page. */
  takesCard: boolean
  onlySar?: true
  needsPhone?: true
  /** Authorisations exist for credit cards only. */
  canAuthorize: boolean
}

const card = { method: 'CARD', type: 'CREDIT', takesCard: true, canAuthorize: true }
const wallet = { takesCard: false, canAuthorize: false }

const SOURCES: Record<string, Source> = {
  src_all: card,
  src_card: card,
  'src_sa.mada': { method: 'MADA', type: 'DEBIT', takesCard: true, onlySar: true, canAuthorize: false },
  'src_sa.stcpay': { ...wallet, method: 'STC_PAY', type: 'WALLET', onlySar: true, needsPhone: true },
  src_apple_pay: { ...wallet, method: 'APPLE_PAY', type: 'CREDIT', canAuthorize: true },
  src_google_pay: { ...wallet, method: 'GOOGLE_PAY', type: 'CREDIT', canAuthorize: true },
  // Spelt so by Tap.
  'src_tabby.installement': { ...wallet, method: 'TABBY', type: 'BNPL' },
}

export const isToken = (id: string): boolean => /^tok_\w{1,80}$/.test(id)
export const isCapture = (id: string): boolean => /^auth_\w{1,80}$/.test(id)

export function sourceOf(id: string): Source | undefined {
  if (isToken(id) || isCapture(id)) return card
  return Object.hasOwn(SOURCES, id) ? SOURCES[id] : undefined
}
