/** Items by so many at a time, the last few too. */
export async function* inChunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = []
  for await (const item of items) {
    chunk.push(item)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/** The same items, each asked for while the one before is still being worked on. */
export async function* oneAhead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  const ask = () => {
    const next = items.next()
    // it is awaited later, and by then it must not have been nobody's
    next.catch(() => {})
    return next
  }
  try {
    let coming = ask()
    for (;;) {
      const { value, done } = await coming
      if (done) return
      coming = ask()
      yield value
    }
  } finally {
    await items.return(undefined)
  }
}
