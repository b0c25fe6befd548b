import { isAlive, type ProcessIdentity } from '../../api/embedded/process.js'
import { AppError } from '../../api/platform/errors.js'
import type { Watch } from './stage.js'

const EVERY_MS = 1000

/** Servers taken over from a killed start are nobody's children: they can only be looked at. */
export function createWatch(): Watch {
  const servers: { name: string; who: ProcessIdentity }[] = []
  let report: (death: AppError) => void = () => {}
  const died = new Promise<AppError>(resolve => {
    report = resolve
  })
  const timer = setInterval(() => {
    const dead = servers.find(({ who }) => !isAlive(who))
    if (dead) report(deathOf(dead.name))
  }, EVERY_MS)
  timer.unref()
  return {
    server: (name, who) => void servers.push({ name, who }),
    died,
    report: death => report(death),
    close: () => clearInterval(timer),
  }
}

function deathOf(name: string): AppError {
  const death = new AppError('internal', 'start.server_died', `${name} stopped unexpectedly.`, {
    server: name,
  })
  // Where it was noticed says nothing about why.
  death.stack = undefined
  return death
}
