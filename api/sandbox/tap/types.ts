/** The objects Tap's API v2 answers with. Field names are Tap's. */
export type PaymentStatus =
  | 'INITIATED'
  | 'IN_PROGRESS'
  | 'ABANDONED'
  | 'CANCELLED'
  | 'FAILED'
  | 'DECLINED'
  | 'RESTRICTED'
  | 'CAPTURED'
  | 'AUTHORIZED'
  | 'VOID'
  | 'TIMEDOUT'
  | 'UNKNOWN'
export type RefundStatus = 'PENDING' | 'REFUNDED' | 'DECLINED' | 'FAILED'

export type CodeAndMessage = { code: string; message: string }
export type Phone = { country_code: string; number: string }
export type Post = { attempt: number; status: 'PENDING' | 'SUCCESS' | 'ERROR'; url: string }
export type Redirect = { status: 'PENDING' | 'SUCCESS'; url: string }
export type Customer = { id: string; first_name?: string; last_name?: string; email?: string; phone?: Phone }
export type Destination = { id: string; amount: number; currency: string }
export type Metadata = Record<string, string | number | boolean>

export type Card = {
  object: 'card'
  first_six: string
  first_eight: string
  last_four: string
  scheme: string
  brand: string
}

export type Activity = {
  id: string
  object: 'activity'
  created: number
  status: string
  currency: string
  amount: number
  remarks: string
}

export type Reference = {
  track: string
  payment: string
  /** Absent until the payment has reached the bank. */
  gateway?: string
  acquirer?: string
  transaction?: string
  order?: string
  idempotent?: string
}

type Payment = {
  id: string
  live_mode: false
  api_version: 'V2'
  status: PaymentStatus
  amount: number
  currency: string
  customer_initiated: boolean
  threeDSecure: boolean
  save_card: boolean
  product: 'GOSELL'
  description: string
  statement_descriptor?: string
  metadata: Metadata
  /** `created` is milliseconds as text, and is one of the signed fields. */
  transaction: {
    timezone: 'UTC+03:00'
    created: string
    url?: string
    expiry: { period: number; type: 'MINUTE' }
    asynchronous: false
    amount: number
    currency: string
    authorization_id?: string
  }
  reference: Reference
  response: CodeAndMessage
  gateway?: { response: CodeAndMessage }
  acquirer?: { response: CodeAndMessage }
  card?: Card
  receipt: { email: boolean; sms: boolean }
  customer: Customer
  merchant: { id: string }
  source: {
    object: 'source'
    id: string
    type?: string
    payment_type?: string
    payment_method?: string
    channel: 'INTERNET'
    phone?: Phone
  }
  destinations?: { destination: Destination[] }
  redirect?: Redirect
  post?: Post
  activities: Activity[]
}

export type TapCharge = Payment & { object: 'charge' }
export type TapAuthorization = Payment & {
  object: 'authorize'
  auto: { type: 'VOID' | 'CAPTURE'; time: number }
}
export type TapPayment = TapCharge | TapAuthorization

export type TapRefund = {
  id: string
  object: 'refund'
  live_mode: false
  api_version: 'V2'
  status: RefundStatus
  amount: number
  currency: string
  charge_id: string
  /** Milliseconds as text; a refund carries it at the top, not in `transaction`. */
  created: string
  reason: string
  metadata: Metadata
  reference: { merchant?: string; payment: string; gateway?: string; idempotent?: string }
  response: CodeAndMessage
  post?: Post
  activities: Activity[]
}

export type TapObject = TapPayment | TapRefund
