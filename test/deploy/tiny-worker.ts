import { untilSignal } from '../../api/entry.js'
import { abandoned, doorOf, openWorkerDoor, tellReady } from '../../api/supervised.js'
import { readTraits } from './traits.js'

/** The worker of a tiny release. */
const traits = readTraits(process.cwd())

await untilSignal(async () => {
  const door = await openWorkerDoor(doorOf(process.env) as string, {
    ready: async asked => {
      const isOther = asked !== undefined && asked !== traits.commit
      return { ready: !isOther, reasons: isOther ? ['other_release'] : [] }
    },
  })
  tellReady()
  return {
    abandoned: abandoned(),
    close: async () => {
      door.close()
      process.stdout.write(`worker of ${traits.commit} stopped\n`)
    },
  }
})
