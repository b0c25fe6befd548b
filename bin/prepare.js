// npm runs this after an install: build, and fetch what the first start needs, so that it works offline.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

/** An install without development dependencies brings no compiler: dist is then shipped, not built. */
function canBuild() {
  try {
    createRequire(import.meta.url).resolve('typescript')
    return true
  } catch {
    return false
  }
}

if (canBuild()) {
  const build = spawnSync('npm', ['run', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' })
  if (build.status !== 0) process.exit(build.status ?? 1)
  const { installedCopy, redisIn, redisOnPath } = await import('../dist/api/embedded/redis-find.js')
  const { fetchRedis } = await import('../dist/api/embedded/redis-fetch.js')
  try {
    if (!redisOnPath() && !redisIn(installedCopy())) fetchRedis(installedCopy())
  } catch (error) {
    // `cargoparts start` tries again, and then names the ways to get a Redis server.
    console.warn(`cargoparts: no Redis server fetched (${error.message})`)
  }
}
