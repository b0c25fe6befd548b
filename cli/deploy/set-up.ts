import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { AppError } from '../../api/platform/errors.js'
import { installSupervisor } from './start-supervisor.js'
import { DEFAULTS, type Paths, pathsOf, type Settings } from './supervisor/folder.js'

/** The longest path of a unix socket that every system takes. */
const LONGEST_SOCKET = 103

type Given = { [Name in keyof Settings]?: Settings[Name] | undefined }

/** Repeatable: what is there stays, but for the settings that are named and the supervisor's files. */
export function setUp(root: string, given: Given) {
  const folder = makeFolder(root)
  const paths = pathsOf(folder)
  if (path.join(paths.run, '9999-worker-99.sock').length > LONGEST_SOCKET) {
    const message = `${folder} is too long a path: the names of unix sockets in it would be cut off.`
    throw new AppError('invalid', 'deploy.path_too_long', message)
  }
  for (const each of [paths.releases, paths.artefacts, paths.dependencies, paths.hooks])
    mkdirSync(each, { recursive: true })
  for (const each of [paths.logs, paths.run, path.dirname(paths.environment)])
    mkdirSync(each, { recursive: true, mode: 0o700 })
  const before = existsSync(paths.settings)
    ? (JSON.parse(readFileSync(paths.settings, 'utf8')) as Partial<Settings>)
    : {}
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  const settings: Settings = { ...DEFAULTS, ...before, ...named }
  writeFileSync(paths.settings, `${JSON.stringify(settings, null, 2)}\n`)
  if (!existsSync(paths.environment)) writeFileSync(paths.environment, ENVIRONMENT, { mode: 0o600 })
  chmodSync(paths.environment, 0o600)
  installSupervisor(paths)
  if (settings.target === 'compose') installCompose(paths)
  const unit = path.join(folder, 'cargoparts.service')
  writeFileSync(unit, unitOf(paths))
  writeFileSync(paths.ecosystem, ecosystemOf(paths))
  return { root: folder, settings, environment: paths.environment, unit }
}

/** The compose file and the load balancer's settings, as this release brings them; which colour is live stays. */
function installCompose(paths: Paths): void {
  const from = fileURLToPath(new URL('../../../', import.meta.url))
  mkdirSync(path.join(paths.compose, 'docker'), { recursive: true })
  for (const file of ['docker-compose.yml', 'docker/haproxy.cfg', 'docker/env.example'])
    copyFileSync(path.join(from, file), path.join(paths.compose, file))
  const live = path.join(paths.compose, 'docker', 'live.cfg')
  if (!existsSync(live)) copyFileSync(path.join(from, 'docker', 'live.cfg'), live)
}

function makeFolder(root: string): string {
  try {
    mkdirSync(root, { recursive: true })
    return realpathSync(root)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('invalid', 'deploy.folder', `The folder cannot be made: ${why}`, {}, { cause })
  }
}

const ENVIRONMENT = `# The environment of every release of this folder; docs/configuration.md explains each variable.
# Read anew at every deploy. \`cargoparts env:check\` names what is missing. What production cannot do without:
NODE_ENV=production
# DATABASE_URL=postgres://cargoparts_app:PASSWORD@HOST:5432/cargoparts
# DATABASE_OWNER_URL=postgres://cargoparts_owner:PASSWORD@HOST:5432/cargoparts
# REDIS_URL=redis://HOST:6379
# STORAGE_URL=file:///var/lib/cargoparts/files
# API_URL=https://
# APP_URL=https://
# TAP_SECRET_KEY=
# TAP_PUBLIC_KEY=
# one each of \`openssl rand -hex 32\`; the same on every machine, and kept where a lost machine does not take them along
# JWT_SECRET=
# JWT_REFRESH_SECRET=
# SESSION_SECRET=
# PAYMENT_ENCRYPTION_KEY=
# PAYMENT_SALT=
# AUDIT_SALT=
`

const unitOf = ({ root, supervisor }: Paths): string => `[Unit]
Description=CargoParts
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=${process.execPath} "${path.join(supervisor, 'main.js')}" "${root}"
User=${userInfo().username}
Restart=always
# the processes of a release are stopped by the supervisor, each in its turn
KillMode=mixed
TimeoutStopSec=75
NoNewPrivileges=true
ProtectSystem=full

[Install]
WantedBy=multi-user.target
`

/**
 * For pm2, where the operator has it. Not its reload and not its cluster: they send clients to a new process as soon as
 * it listens, and ask nobody whether it is well. It keeps the supervisor, which does.
 */
const ecosystemOf = ({ root, supervisor }: Paths): string => `module.exports = {
  apps: [
    {
      name: 'cargoparts',
      script: ${JSON.stringify(path.join(supervisor, 'main.js'))},
      args: [${JSON.stringify(root)}],
      cwd: ${JSON.stringify(root)},
      exec_mode: 'fork',
      // the processes of a release are stopped by the supervisor, each in its turn
      treekill: false,
      kill_timeout: 75000,
    },
  ],
}
`
