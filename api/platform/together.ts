type Waiting<Item, Answer> = { item: Item; resolve(answer: Answer): void; reject(error: unknown): void }

/**
 * Asks once for all who come in the same turn of the event loop, which under load is many. Whoever asks gets what was
 * true after they came, as if they had asked alone. `ask` answers in the order of the items.
 */
export function createTogether<Item, Answer>(
  ask: (items: Item[]) => Promise<Answer[]>,
  { most }: { most: number },
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = []

  async function leave(): Promise<void> {
    const leaving = waiting
    waiting = []
    try {
      const answers = await ask(leaving.map(({ item }) => item))
      for (const [at, { resolve }] of leaving.entries()) resolve(answers[at] as Answer) // one for each item
    } catch (error) {
      for (const { reject } of leaving) reject(error)
    }
  }

  return item =>
    new Promise((resolve, reject) => {
      // everybody whose request was just read comes before an immediate
      if (waiting.length === 0) setImmediate(leave)
      waiting.push({ item, resolve, reject })
      if (waiting.length >= most) void leave()
    })
}
