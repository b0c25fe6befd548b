export type Closing = {
  /** Makes a thing that must be closed. An end that comes while it is being made waits for it, and closes it. */
  keep<T>(make: () => Promise<T> | T, close: (made: T) => unknown): Promise<T>
  /** The last made is closed first. Each gets its chance, whatever became of the one before. */
  close(): Promise<void>
}

/** Everything a run starts is written down here before it starts, so that no end of the run leaves it behind. */
export function createClosing(outer?: Closing): Closing {
  const closers: (() => Promise<unknown>)[] = []
  let isClosed = false

  const closing: Closing = {
    async keep<T>(make: () => Promise<T> | T, close: (made: T) => unknown): Promise<T> {
      if (isClosed) throw new Error('The run is ending: nothing more is started.')
      const making = Promise.resolve(make())
      closers.push(async () => {
        const made = await making.catch(() => undefined)
        if (made !== undefined) await close(made)
      })
      return making
    },

    async close(): Promise<void> {
      isClosed = true
      for (let each = closers.pop(); each; each = closers.pop()) {
        await each().catch((error: unknown) => console.error('left behind:', error))
      }
    },
  }
  void outer?.keep(
    () => closing,
    made => made.close(),
  )
  return closing
}

/** Rejects at the first Ctrl-C or SIGTERM. The second finds node's own answer, which is to end at once. */
export function interruption(): Promise<never> {
  return new Promise((_resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => reject(new Error(`ended by ${signal}`)))
  })
}
