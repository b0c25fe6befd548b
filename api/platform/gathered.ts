/**
 * Writes that come at once, written together: while one statement is under way the next ones gather, and go as one.
 * Each caller hears of its own only when the statement that carried it is over, so what was promised durable is.
 * One that cannot be written fails its companions' statement, not its companions: they are written one by one then.
 */
export function createGathered<In, Out>(
  write: (items: readonly In[]) => Promise<readonly Out[]>,
  { most, lanes }: { most: number; lanes: number },
): (item: In) => Promise<Out> {
  type Waiting = { item: In; resolve(out: Out): void; reject(error: unknown): void }
  let waiting: Waiting[] = []
  let underWay = 0

  async function send(group: readonly Waiting[]): Promise<void> {
    try {
      const outs = await write(group.map(({ item }) => item))
      for (const [at, { resolve }] of group.entries()) resolve(outs[at] as Out)
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error)
      else for (const one of group) await send([one])
    }
  }

  function next(): void {
    while (underWay < lanes && waiting.length > 0) {
      const group = waiting.slice(0, most)
      waiting = waiting.slice(most)
      underWay += 1
      void send(group).finally(() => {
        underWay -= 1
        next()
      })
    }
  }

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      // after what else arrived in this turn of the loop: it goes along
      if (waiting.length === 1) setImmediate(next)
    })
}
