/** One event of a `text/event-stream`; a comment has its text in `comment`. */
export type ServerEvent = { event?: string; id?: string; data?: string; retry?: string; comment?: string }

export type EventStream = {
  status: number
  headers: Headers
  /** The next event that is not a comment; undefined where the stream has ended. */
  next(): Promise<ServerEvent | undefined>
  /** The next block, comments too. */
  nextBlock(): Promise<ServerEvent | undefined>
  close(): void
}

/** Opens a stream of server-sent events over real HTTP and reads it as the HTML standard says. */
export async function openEvents(
  url: string,
  { token, lastEventId }: { token: string; lastEventId?: string },
): Promise<EventStream> {
  const control = new AbortController()
  const response = await fetch(url, {
    signal: control.signal,
    headers: {
      accept: 'text/event-stream',
      authorization: `Bearer ${token}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  })
  const blocks = blocksOf(response)
  const nextBlock = async () => (await blocks.next()).value as ServerEvent | undefined
  return {
    status: response.status,
    headers: response.headers,
    nextBlock,
    async next() {
      for (;;) {
        const block = await nextBlock()
        if (block === undefined || block.data !== undefined) return block
      }
    },
    close: () => control.abort(),
  }
}

async function* blocksOf(response: Response): AsyncGenerator<ServerEvent> {
  const decoder = new TextDecoder()
  let text = ''
  try {
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true })
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) yield parsed(block)
    }
  } catch {
    // cut off: for the reader that is an end
  }
}

function parsed(block: string): ServerEvent {
  const event: ServerEvent = {}
  for (const line of block.split('\n')) {
    const [, name, value] = /^([a-z]*): ?(.*)$/.exec(line) ?? []
    if (name === '') event.comment = value as string
    else if (name) Object.assign(event, { [name]: value })
  }
  return event
}
