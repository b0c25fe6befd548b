import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseEnv } from 'node:util'
import type { Paths, Settings } from '../supervisor/folder.js'

export type Colour = 'blue' | 'green'
/** Which image each service has, and which colour is live: the variables of docker-compose.yml. */
export type Colours = { LIVE: Colour } & Partial<Record<'BLUE' | 'GREEN' | 'WORKER' | 'COMMAND', string>>

export const other = (colour: Colour): Colour => (colour === 'blue' ? 'green' : 'blue')

const fileOf = (paths: Paths) => path.join(paths.compose, '.env')

/** Before the first deploy green is as good as live: blue comes first. */
export function readColours(paths: Paths): Colours {
  const found = existsSync(fileOf(paths)) ? parseEnv(readFileSync(fileOf(paths), 'utf8')) : {}
  return { ...found, LIVE: found.LIVE === 'blue' ? 'blue' : 'green' }
}

/** Compose reads the file itself, whoever calls it: a command typed by hand means the same containers. */
export function writeColours(paths: Paths, settings: Settings, over: Partial<Colours>): void {
  const all = {
    ...readColours(paths),
    COMPOSE_PROJECT_NAME: 'cargoparts',
    PORT: String(settings.port),
    CARGOPARTS_ENV: paths.environment,
    ...over,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}=${value}`)
  writeFileSync(fileOf(paths), `${lines.join('\n')}\n`, { mode: 0o600 })
}

/** The part of the load balancer's configuration that a switch writes. */
export const liveConfig = (
  colour: Colour,
): string => `# Written by \`cargoparts deploy\`: the colour that is live.
backend live
    balance leastconn
    option httpchk GET /api/v1/health/ready
    server-template api 4 api-${colour}:3000 check inter 1s fall 2 rise 1 resolvers docker init-addr libc,none
`

export const balancedColour = (config: string): Colour => (config.includes('api-green:') ? 'green' : 'blue')
