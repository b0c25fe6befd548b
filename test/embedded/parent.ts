import { startPostgres } from '../../api/embedded/postgres.js'
import { startRedis } from '../../api/embedded/redis.js'

/** A parent to be killed: starts one server, tells where it is, and waits. */
const [kind, dataDir = ''] = process.argv.slice(2)
const start = kind === 'postgres' ? startPostgres : startRedis
const { port, who } = await start({ dataDir, ephemeral: true })
console.log(JSON.stringify({ port, who }))
process.stdin.resume()
