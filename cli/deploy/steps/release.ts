import { utimesSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../../../api/platform/errors.js'
import { notReady } from '../ask.js'
import { type Deploy, releaseIn } from '../deploy.js'
import { smoke } from '../smoke.js'
import type { Step } from '../steps.js'
import { tidy } from '../unpack.js'
import { type Warmth, warmUp } from '../warm-up.js'

const ASK_EVERY_MS = 250
const UNTOUCHED = 'The release before serves, as it did all the time.'

export const startStep: Step = {
  name: 'start',
  about: 'the new processes, beside those that serve',
  isSkippable: false,
  next: UNTOUCHED,
  run: async deploy => deploy.target.start(releaseIn(deploy)),
}

export const healthStep: Step = {
  name: 'health',
  about: 'each new process, asked by its commit: is it ready?',
  isSkippable: true,
  next: `${UNTOUCHED} The log of the release, and \`cargoparts health\` for what it depends on, say more.`,
  async run(deploy, say) {
    const { commit } = releaseIn(deploy).manifest
    const count = await untilReady(deploy, commit, say)
    return `${count} processes of ${commit.slice(0, 12)} are ready`
  },
}

/** kamal-proxy's numbers: asked at least each second, five seconds for an answer, half a minute in all. */
async function untilReady(deploy: Deploy, commit: string, say: (line: string) => void): Promise<number> {
  const { target, settings, signal } = deploy
  const deadline = performance.now() + settings.readySeconds * 1_000
  for (;;) {
    const places = await target.places()
    const said = await Promise.all(places.map(place => notReady(place, commit)))
    const waiting = said.filter(each => each !== null)
    if (places.length > 0 && waiting.length === 0) return places.length
    const why = waiting[0] ?? 'no process yet'
    say(`${places.length - waiting.length} of ${places.length} ready; ${why}`)
    if (performance.now() > deadline) {
      const message = `The new release did not become ready within ${settings.readySeconds} s: ${why}.`
      throw new AppError('unavailable', 'deploy.not_ready', message)
    }
    await wait(ASK_EVERY_MS, undefined, { signal })
  }
}

export const warmUpStep: Step = {
  name: 'warm-up',
  about: 'each new process answers what clients ask most, before they come',
  isSkippable: true,
  next: UNTOUCHED,
  async run({ target }) {
    const warmths: Warmth[] = []
    // one after the other: the release before serves on the same cores
    for (const place of await target.places()) warmths.push(await warmUp(place))
    const served = warmths.filter(({ refused }) => refused === 0)
    // rather less warm than no deploy: repeated within a minute, it meets the limits of any client
    if (served.length === 0) return warmths.length > 0 ? 'not all was answered' : 'nothing to warm'
    const [first, last] = [Math.max(...served.map(w => w.firstMs)), Math.max(...served.map(w => w.lastMs))]
    return `${first} ms at first, ${last} ms at last`
  },
}

export const switchStep: Step = {
  name: 'switch',
  about: 'every new connection goes to the new processes',
  isSkippable: false,
  next: UNTOUCHED,
  run: async deploy => deploy.target.switch(),
}

export const smokeStep: Step = {
  name: 'smoke',
  about: 'what a client would ask, asked from outside',
  isSkippable: true,
  next: 'The release before serves again. Mend what failed: `cargoparts deploy:smoke` asks the same of any system.',
  async run(deploy) {
    const { passed, failed } = await smoke(await deploy.target.front(), releaseIn(deploy).manifest.commit)
    if (failed.length === 0) return `${passed.length} of ${passed.length} passed`
    const lines = failed.map(({ name, found }) => `  ${name}: ${found}`)
    throw new AppError('unavailable', 'deploy.smoke_failed', `The smoke test failed:\n${lines.join('\n')}`, {
      failed,
    })
  },
}

export const confirmStep: Step = {
  name: 'drain',
  about: 'the release stays; the one before finishes what it has in hand, and ends',
  isSkippable: false,
  next: 'The new release serves. `cargoparts deploy:status` shows what still runs of the one before.',
  run: async deploy => deploy.target.confirm(),
}

export const tidyStep: Step = {
  name: 'tidy',
  about: 'the newest releases stay',
  isSkippable: false,
  next: 'The new release serves. Look at the disk.',
  async run(deploy) {
    const { id, folder } = releaseIn(deploy)
    const now = new Date()
    utimesSync(folder, now, now)
    const inUse = new Set([id, ...(deploy.previous ? [deploy.previous] : [])])
    const removed = tidy(deploy.paths, { keep: deploy.settings.keep, inUse })
    return removed.length > 0 ? `removed ${removed.join(', ')}` : 'nothing to remove'
  },
}
