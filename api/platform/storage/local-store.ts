import { randomUUID } from 'node:crypto'
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { assertKey, type Store } from './store.js'

/** A folder of this machine, readable by nobody else. Every process that serves files must see the same one. */
export function createLocalStore(folder: string): Store {
  const pathOf = (key: string) => path.join(folder, assertKey(key))

  return {
    async put(key, bytes) {
      const target = pathOf(key)
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 })
      const unfinished = `${target}.${randomUUID()}`
      try {
        await writeThrough(unfinished, bytes)
        await rename(unfinished, target)
      } catch (error) {
        await rm(unfinished, { force: true })
        throw error
      }
    },

    async get(key) {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },

    async has(key) {
      return access(pathOf(key)).then(
        () => true,
        () => false,
      )
    },

    async remove(key) {
      await rm(pathOf(key), { force: true })
    },
  }
}

/** On the disk before it gets its name: after a power cut a file is whole or not there. */
async function writeThrough(file: string, bytes: Buffer): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
