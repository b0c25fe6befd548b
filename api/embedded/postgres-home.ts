import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Binaries, copyBinaries, linkLibraries, packagedPostgres } from './postgres-binaries.js'

/** The user PostgreSQL runs as; empty when that is ourselves. */
export type Account = { uid?: number; gid?: number }

/** Everything about where one cluster lives and who runs it. */
export type Home = { cluster: string; work: string; account: Account; binaries: Binaries }

const RELOCATED = '/var/lib/cargoparts'

/** Where data and binaries go when the user that must run PostgreSQL cannot reach the data folder. */
export function relocatedHome(dataDir: string): string {
  const path = existsSync(dataDir) ? realpathSync(dataDir) : dataDir
  return join(RELOCATED, createHash('sha256').update(path).digest('hex').slice(0, 16))
}

export function settleHome(dataDir: string): Home {
  // Without a mode: what is made above this folder must stay open to the user that runs PostgreSQL.
  mkdirSync(dataDir, { recursive: true })
  const folder = realpathSync(dataDir)
  const native = packagedPostgres()
  if (process.getuid?.() !== 0) {
    return {
      cluster: join(folder, 'cluster'),
      work: folder,
      account: {},
      binaries: linkLibraries(native, join(folder, 'lib')),
    }
  }
  return settleForRoot(folder, native)
}

/** PostgreSQL refuses to run as root, so root runs it as nobody, who cannot enter every folder root can. */
function settleForRoot(folder: string, native: string): Home {
  chmodSync(folder, 0o711)
  const account = ownerOf(join(folder, 'cluster')) ?? nobody()
  const away = relocatedHome(folder)
  const dataStays =
    !existsSync(join(away, 'cluster')) && passes(account, 'cd "$0"', folder) && canGive(account, folder)
  const binariesStay = passes(
    account,
    'cd "$0" && test -x bin/postgres -a -r lib/postgresql/plpgsql.so',
    native,
  )
  if (!dataStays || !binariesStay) mkdirSync(away, { recursive: true, mode: 0o755 })

  const work = dataStays ? folder : away
  const tree = binariesStay ? native : copyBinaries(native, away)
  return { cluster: join(work, 'cluster'), work, account, binaries: linkLibraries(tree, join(work, 'lib')) }
}

/** A cluster made by an ordinary user stays that user's, also when root starts it. */
function ownerOf(cluster: string): Account | undefined {
  const stat = statSync(cluster, { throwIfNoEntry: false })
  return stat && stat.uid !== 0 ? { uid: stat.uid, gid: stat.gid } : undefined
}

function nobody(): Account {
  const ask = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: ask('-u'), gid: ask('-g') }
}

/** Folders shared into a virtual machine often keep their owner, whoever asks. */
function canGive({ uid = 0, gid = 0 }: Account, folder: string): boolean {
  const probe = mkdtempSync(join(folder, 'probe-'))
  try {
    chownSync(probe, uid, gid)
    return statSync(probe).uid === uid
  } catch {
    return false
  } finally {
    rmSync(probe, { recursive: true, force: true })
  }
}

/** Asks the kernel instead of reading modes: ACLs and mount options count as well. */
function passes(account: Account, test: string, folder: string): boolean {
  return spawnSync('/bin/sh', ['-c', test, folder], { ...account, cwd: '/', stdio: 'ignore' }).status === 0
}
