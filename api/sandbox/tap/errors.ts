/** Tap's own errors: code, HTTP status and text. */
const CATALOGUE = {
  // Published.
  amount: ['1117', 400, 'Amount is invalid'],
  currency: ['1118', 400, 'Currency code is invalid'],
  currency_unsupported: ['1119', 400, 'Currency is not supported'],
  source_used: ['1126', 400, 'Source already used'],
  charge_id: ['1143', 400, 'Charge id is invalid'],
  charge_unknown: ['1144', 404, 'Charge not found'],
  capture_exceeds: ['1150', 400, 'Capture amount exceeds the authorized amount'],
  refund_exceeds: ['1161', 400, 'Refund amount exceeds the captured amount'],
  transfer_exceeds: ['1168', 400, 'Transfer amount exceeds the charge amount'],
  destination_duplicate: ['1171', 400, 'Destination is duplicated'],
  destination: ['1172', 400, 'Destination is invalid'],
  key_missing: ['2104', 401, 'Authorization header is missing or is not a bearer key'],
  key: ['2107', 401, 'Secret API key is invalid'],
  internal: ['9999', 500, 'Internal server error'],
  // Refused by Tap too, under numbers that are not certain: act on the HTTP status of these, never on the code.
  customer: ['1102', 400, 'Customer information required (email or phone number)'],
  customer_name: ['1104', 400, 'First name is required'],
  customer_email: ['1105', 400, 'Email is invalid'],
  customer_phone: ['1106', 400, 'Phone number is invalid'],
  description: ['1120', 400, 'Description is invalid'],
  statement_descriptor: ['1121', 400, 'Statement descriptor is invalid'],
  metadata: ['1122', 400, 'Metadata is invalid'],
  reference: ['1123', 400, 'Reference is invalid'],
  redirect: ['1124', 400, 'Redirect url is invalid'],
  source: ['1125', 400, 'Source id is invalid'],
  source_phone: ['1127', 400, 'Source phone is required'],
  post: ['1128', 400, 'Post url is invalid'],
  expiry: ['1129', 400, 'Transaction expiry must be 5 to 60 minutes'],
  capture_flags: ['1130', 400, 'A capture must not switch off customer_initiated or threeDSecure'],
  authorize_id: ['1145', 404, 'Authorize not found'],
  authorize_state: ['1146', 400, 'Authorize is not in a state that allows this'],
  auto: ['1147', 400, 'Auto time must be 1 to 168 hours'],
  refund_id: ['1162', 404, 'Refund not found'],
  reason: ['1163', 400, 'Reason is required'],
  period: ['1180', 400, 'Period is invalid'],
  limit: ['1181', 400, 'Limit must be 1 to 50'],
  starting_after: ['1182', 400, 'Starting after is invalid'],
  body: ['1100', 400, 'Request body is not a JSON object'],
  body_too_large: ['413', 413, 'Request body is too large'],
  host: ['403', 403, 'Only this machine may call the sandbox'],
  not_found: ['404', 404, 'The requested resource does not exist'],
} as const satisfies Record<string, readonly [string, number, string]>

export type TapProblem = keyof typeof CATALOGUE

export const isProblem = (text: string): text is TapProblem => Object.hasOwn(CATALOGUE, text)

/** A refusal in Tap's words. One request may break several rules; the first decides the status. */
export class TapError extends Error {
  override name = 'TapError'
  readonly problems: readonly [TapProblem, ...TapProblem[]]

  constructor(...problems: [TapProblem, ...TapProblem[]]) {
    super(problems.join(', '))
    this.problems = problems
  }

  get status(): number {
    return CATALOGUE[this.problems[0]][1]
  }

  get body(): { errors: { code: string; description: string }[] } {
    return {
      errors: this.problems.map(problem => {
        const [code, , description] = CATALOGUE[problem]
        return { code, description }
      }),
    }
  }
}
