import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { migrationStatusAt } from '../../api/platform/migrate.js'
import type { Deploy } from './deploy.js'
import { lockText, readLock } from './lock.js'
import type { Step } from './steps.js'
import { currentOf } from './supervisor/folder.js'

export type Plan = {
  dryRun: true
  release: string | null
  commit: string | null
  live: string | null
  /** Null where the database cannot be asked. */
  pendingMigrations: string[] | null
  blockedBy: string | null
  steps: { name: string; about: string; skipped: boolean }[]
}

/** What a deploy would do. Looks, and writes nothing: no lock, no folder, no process. */
export async function planOf(deploy: Deploy, steps: readonly Step[]): Promise<Plan> {
  const { artefact, paths, skipped } = deploy
  const holder = readLock(paths.lock)
  return {
    dryRun: true,
    release: artefact?.release ?? null,
    commit: artefact?.manifest.commit ?? null,
    live: currentOf(paths),
    pendingMigrations: await pending(
      deploy.env,
      artefact?.manifest.migrations ?? migrationsOf(deploy.source),
    ),
    blockedBy: holder ? lockText(holder) : null,
    steps: steps.map(({ name, about }) => ({ name, about, skipped: skipped.has(name) })),
  }
}

/** Those of the checkout that would be built: its sources, for nothing may be built yet. */
function migrationsOf(source: string | null): string[] {
  const folder = source && path.join(source, 'migrations')
  if (!folder || !existsSync(folder)) return []
  const names = readdirSync(folder).filter(file => /^\d{14}_\w+\.ts$/.test(file))
  return names.map(file => path.basename(file, '.ts')).sort()
}

async function pending(env: NodeJS.ProcessEnv, brought: string[]): Promise<string[] | null> {
  const ownerUrl = env.DATABASE_OWNER_URL ?? env.DATABASE_DIRECT_URL ?? env.DATABASE_URL
  if (!ownerUrl) return null
  try {
    const { applied } = await migrationStatusAt(ownerUrl)
    return brought.filter(name => !applied.includes(name))
  } catch {
    return null // a plan may be asked for where the database cannot be reached
  }
}

export function planText(plan: Plan): string {
  const { release, live, pendingMigrations, steps, blockedBy } = plan
  const width = Math.max(...steps.map(({ name }) => name.length))
  const migrations =
    pendingMigrations === null
      ? 'the database could not be asked'
      : pendingMigrations.length === 0
        ? 'none'
        : pendingMigrations.map(name => `\n    ${name}`).join('')
  return [
    `${release ?? 'This checkout, once it is packed,'} would take the place of ${live ?? 'nothing'}. Nothing was done.`,
    ...(blockedBy ? [`  It could not begin now: ${blockedBy}`] : []),
    `  migrations: ${migrations}`,
    ...steps.map(
      ({ name, about, skipped }) =>
        `  ${skipped ? '-' : '·'} ${name.padEnd(width)}  ${skipped ? 'skipped' : about}`,
    ),
  ].join('\n')
}
