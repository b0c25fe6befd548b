import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '../../../api/platform/errors.js'
import type { Place } from '../ask.js'
import { type Run, runProgram } from '../program.js'
import { currentOf, makeCurrent, type Paths, type Settings } from '../supervisor/folder.js'
import { balancedColour, type Colour, liveConfig, other, readColours, writeColours } from './colours.js'
import type { Release, Target } from './target.js'

/** What a container has for what it has in hand: longer than the processes' own limit for it. */
const STOP_SECONDS = '40'

type Container = {
  Id: string
  Config: { ExposedPorts: Record<string, unknown> }
  State: { Running: boolean; ExitCode: number }
  NetworkSettings: { Networks: Record<string, { IPAddress: string }> }
}

/**
 * Containers of docker-compose.yml, in two colours: the release that is live, and the one to come. The load balancer
 * reads anew which of them is live, and finishes what it has. Images are called by their release.
 */
export function composeTarget(paths: Paths, settings: Settings, env: NodeJS.ProcessEnv): Target {
  let begun: { release: Release; colour: Colour; workersBefore: string[] } | undefined
  let isSwitched = false
  const liveFile = path.join(paths.compose, 'docker', 'live.cfg')
  const quiet: Run = {
    cwd: paths.compose,
    env,
    log: path.join(paths.logs, 'compose.log'),
    // what was begun is ended in any case, by the same means
    signal: new AbortController().signal,
  }
  const docker = async (...args: string[]) => (await runProgram('docker', args, quiet)).stdout.trim()
  const profiles = ['whole', 'green', 'tools'].flatMap(name => ['--profile', name])
  const compose = (...args: string[]) => docker('compose', ...profiles, ...args)
  const idsOf = async (service: string) => (await compose('ps', '-q', service)).split('\n').filter(Boolean)
  const inspect = async (ids: string[]): Promise<Container[]> =>
    ids.length === 0 ? [] : (JSON.parse(await docker('inspect', ...ids)) as Container[])

  async function balance(colour: Colour): Promise<void> {
    writeFileSync(liveFile, liveConfig(colour))
    const [lb] = await idsOf('lb')
    if (lb) await compose('kill', '-s', 'USR2', 'lb')
    else await compose('up', '-d', '--no-deps', 'lb')
  }

  return {
    async check() {
      if (!existsSync(path.join(paths.compose, 'docker-compose.yml'))) {
        const message = `${paths.compose} has no docker-compose.yml: \`cargoparts deploy:setup --target compose\` puts it there.`
        throw new AppError('not_found', 'deploy.no_compose', message)
      }
      await docker('version')
      await undoCutShort()
      return currentOf(paths)
    },

    hasOwnDependencies: true,

    async run({ id }, words, run) {
      await needImage(id)
      writeColours(paths, settings, { COMMAND: id })
      const args = ['compose', ...profiles, 'run', '--rm', '-T', 'command', ...words]
      return runProgram('docker', args, { ...run, cwd: paths.compose, env, words })
    },

    async start(release) {
      await needImage(release.id)
      const colour = other(readColours(paths).LIVE)
      begun = { release, colour, workersBefore: await idsOf('worker') }
      writeColours(paths, settings, { [colour.toUpperCase()]: release.id })
      const count = String(settings.api)
      await compose(
        'up',
        '-d',
        '--no-deps',
        '--force-recreate',
        '--scale',
        `api-${colour}=${count}`,
        `api-${colour}`,
      )
      return `${count} of ${colour}`
    },

    async places() {
      if (!begun) return []
      const containers = await inspect(await idsOf(`api-${begun.colour}`))
      const ended = containers.find(({ State }) => !State.Running)
      if (ended) {
        const words = await docker('logs', '--tail', '8', ended.Id)
        const message = `The new container ${ended.Id.slice(0, 12)} ended (exit code ${ended.State.ExitCode}). Its last lines:\n${words}`
        throw new AppError('unavailable', 'deploy.process_ended', message)
      }
      return containers.map(({ Config, NetworkSettings }): Place => {
        const [network] = Object.values(NetworkSettings.Networks)
        const [port] = Object.keys(Config.ExposedPorts)
        return { url: `http://${network?.IPAddress}:${port?.replace('/tcp', '')}` }
      })
    },

    async switch() {
      if (!begun) throw new AppError('conflict', 'deploy.refused', 'There is nothing to switch to.')
      const { colour, release, workersBefore } = begun
      isSwitched = true
      await balance(colour)
      if (settings.workers > 0) {
        // beside those that are there, which go on until the release stays
        writeColours(paths, settings, { WORKER: release.id })
        const count = settings.workers + workersBefore.length
        await compose('up', '-d', '--no-deps', '--no-recreate', '--scale', `worker=${count}`, 'worker')
      }
      return `${colour} is live`
    },

    front: async () => ({ url: `http://127.0.0.1:${settings.port}` }),

    async confirm() {
      if (!begun) throw new AppError('conflict', 'deploy.refused', 'Nothing is on trial.')
      const { colour, release, workersBefore } = begun
      makeCurrent(paths, release.id)
      writeColours(paths, settings, { LIVE: colour })
      ;[begun, isSwitched] = [undefined, false]
      await compose('stop', '-t', STOP_SECONDS, `api-${other(colour)}`)
      await end(workersBefore)
      return `${other(colour)} has ended`
    },

    async revert() {
      if (!begun) return
      const { colour, workersBefore } = begun
      const live = currentOf(paths)
      if (isSwitched && live) await balance(other(colour))
      if (isSwitched && !live) await compose('stop', 'lb')
      await end((await idsOf('worker')).filter(id => !workersBefore.includes(id)))
      await compose('stop', '-t', STOP_SECONDS, `api-${colour}`)
      writeColours(paths, settings, { ...(live ? { WORKER: live } : {}) })
      ;[begun, isSwitched] = [undefined, false]
    },

    close: () => undefined,
  }

  /** A deploy that was killed on trial left the load balancer with a colour that nobody confirmed. */
  async function undoCutShort(): Promise<void> {
    const { LIVE } = readColours(paths)
    const isOnTrial = balancedColour(readFileSync(liveFile, 'utf8')) !== LIVE
    if (!begun && currentOf(paths) && isOnTrial) await balance(LIVE)
  }

  async function end(ids: string[]): Promise<void> {
    if (ids.length === 0) return
    await docker('stop', '-t', STOP_SECONDS, ...ids)
    await docker('rm', ...ids)
  }

  async function needImage(release: string): Promise<void> {
    try {
      await docker('image', 'inspect', `cargoparts:${release}`)
    } catch (cause) {
      const commit = release.slice(release.lastIndexOf('-') + 1)
      const message = `There is no image cargoparts:${release} here. Pull it, or build it from the commit ${commit}: docker build --build-arg COMMIT=… -t cargoparts:${release} .`
      throw new AppError('not_found', 'deploy.no_image', message, {}, { cause })
    }
  }
}
