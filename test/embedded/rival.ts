import { acquireLock } from '../../cli/start/lock.js'

/** One of several that want the same lock: tells how it went, and holds it until its input ends. */
const lock = await acquireLock(process.argv[2] ?? '').catch(error => {
  console.log(error.code)
  return null
})
if (lock) console.log('won')
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
