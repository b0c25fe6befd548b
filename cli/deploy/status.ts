import { table, when } from '../table.js'
import { releasesIn } from './artefact.js'
import { talk } from './conversation.js'
import { type Deployed, readHistory } from './history.js'
import { type Holder, type LockState, lockText, readLock, stateOf } from './lock.js'
import { currentOf, type Paths, readSettings, type Settings } from './supervisor/folder.js'
import type { Status } from './supervisor/keeper.js'

export type StatusDocument = {
  root: string
  target: Settings['target']
  live: string | null
  supervisor: Status | null
  lock: (Holder & { state: LockState }) | null
  releases: string[]
  deploys: Omit<Deployed, 'steps'>[]
}

const SHOWN = 10

export async function readStatus(paths: Paths): Promise<StatusDocument> {
  const holder = readLock(paths.lock)
  return {
    root: paths.root,
    target: readSettings(paths).target,
    live: currentOf(paths),
    supervisor: await supervisorStatus(paths),
    lock: holder && { ...holder, state: stateOf(holder) },
    releases: releasesIn(paths),
    deploys: readHistory(paths)
      .slice(-SHOWN)
      .reverse()
      .map(({ steps: _steps, ...deployed }) => deployed),
  }
}

async function supervisorStatus(paths: Paths): Promise<Status | null> {
  try {
    const conversation = await talk(paths.control)
    try {
      return await conversation.ask<Status>({ ask: 'status' })
    } finally {
      conversation.close()
    }
  } catch {
    return null // it does not run: that is what there is to say
  }
}

export async function statusText(status: StatusDocument): Promise<string> {
  const { target, live, supervisor, lock, releases, deploys } = status
  const processes = (supervisor?.generations ?? []).flatMap(({ release, state, members }) =>
    members.map(member => [
      ...[release, state, member.role, String(member.pid ?? '-'), member.state],
      ...[member.restarts > 0 ? `${member.restarts} restarts, last ${member.lastEnd}` : '-'],
    ]),
  )
  const past = deploys.map(deploy => [
    ...[when(new Date(deploy.startedAt)), deploy.kind, deploy.release, deploy.outcome, deploy.by],
    deploy.error?.split('\n')[0] ?? deploy.reason ?? '-',
  ])
  return [
    live ? `${live} is live.` : 'Nothing is live yet.',
    ...(target === 'compose'
      ? ['Its containers: `docker compose ps` in the folder `compose`.']
      : [
          supervisor
            ? `The supervisor (process ${supervisor.pid}) ${supervisor.isOpen ? `holds port ${supervisor.port}` : 'has opened no port yet'}.`
            : 'No supervisor runs: `cargoparts deploy` starts it.',
        ]),
    lock ? lockText(lock) : 'No deploy runs.',
    `Kept: ${releases.join(', ') || 'no release'}.`,
    ...(processes.length > 0
      ? [await table(['release', 'state', 'process', 'pid', 'is', 'trouble'], processes)]
      : []),
    ...(past.length > 0 ? [await table(['began', 'what', 'release', 'outcome', 'by', 'note'], past)] : []),
  ].join('\n')
}
