export type RequestOptions = {
  method?: string
  token?: string
  body?: unknown
  /** Sent as it is, with the content type given in the headers. */
  raw?: string | Buffer
  headers?: Record<string, string>
  /** An Idempotency-Key. */
  key?: string
}
// what came is for the test to judge: its shape is asserted there
// biome-ignore lint/suspicious/noExplicitAny: a JSON document of any shape
export type Answer = { status: number; headers: Headers; body: any; text: string }

/** One request over real HTTP. English, unless the headers say otherwise. */
export async function request(baseUrl: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const { method = 'GET', token, body, raw, headers = {}, key } = options
  const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      'accept-language': 'en',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(key ? { 'idempotency-key': key } : {}),
      ...headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
    redirect: 'manual',
  })
  const text = await textOf(response)
  // one document, not lines of them
  const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '')
  return {
    status: response.status,
    headers: response.headers,
    body: isJson && text !== '' ? JSON.parse(text) : undefined,
    text,
  }
}

/** Of a stream that does not end, what comes first. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text()
  const reader = response.body?.getReader()
  const { value } = (await reader?.read()) ?? {}
  await reader?.cancel()
  return new TextDecoder().decode(value)
}
