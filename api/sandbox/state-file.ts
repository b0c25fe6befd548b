import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../platform/errors.js'
import type { LedgerState } from './hyperpay/ledger.js'
import type { StoreState } from './tap/store.js'

/** Tap's part came first, so it stands without a name. */
export type SandboxState = StoreState & { hyperpay?: LedgerState }

const WAIT_MS = 250

/** Keeps the state in a file. A burst of changes is written once; the file is always whole. */
export function openStateFile(path: string | undefined, state: () => SandboxState) {
  let timer: NodeJS.Timeout | undefined
  let isWritten = true
  if (path !== undefined) mkdirSync(dirname(path), { recursive: true })

  function write(): void {
    if (path === undefined || isWritten) return
    const partial = `${path}.${process.pid}.part`
    // Names and phone numbers of test customers: for the owner of the process only.
    writeFileSync(partial, JSON.stringify({ version: 1, ...state() }), { mode: 0o600 })
    renameSync(partial, path)
    isWritten = true
  }

  function writeInBackground(): void {
    timer = undefined
    try {
      write()
    } catch {
      // A full disk must not end a server that can go on: the next change tries again, and `flush` tells.
    }
  }

  return {
    schedule(): void {
      if (path === undefined) return
      isWritten = false
      timer ??= setTimeout(writeInBackground, WAIT_MS)
    },
    flush(): void {
      clearTimeout(timer)
      timer = undefined
      write()
    },
  }
}

export function readState(path: string | undefined): SandboxState | undefined {
  if (path === undefined) return undefined
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    const state: unknown = JSON.parse(text)
    if (isState(state)) return state
  } catch (cause) {
    throw unreadable(path, cause)
  }
  throw unreadable(path)
}

// Only this file writes it, so its version says enough about its insides.
function isState(state: unknown): state is SandboxState {
  return typeof state === 'object' && state !== null && 'version' in state && state.version === 1
}

function unreadable(path: string, cause?: unknown): AppError {
  const message = `The sandbox cannot read its state in ${path}. Delete the file to start with nothing.`
  return new AppError('invalid', 'sandbox.state_unreadable', message, { path }, { cause })
}
