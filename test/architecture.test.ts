import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { factsOf, type Import, type SourceFacts } from './support/imports.js'

type File = SourceFacts & { path: string }
/** An import as a rule sees it: who imports what, the target as a path from the root or a package's name. */
type Edge = Import & { importer: string; target: string }
type Rule = { says: string; broken(edge: Edge): boolean }

const FOLDERS = ['api', 'cli', 'bin', 'migrations', 'seeds', 'test']
const root = fileURLToPath(new URL('../../', import.meta.url))

const inside = (folder: string, file: string) => file.startsWith(`${folder}/`)
const isTest = (file: string) => inside('test', file)
const moduleOf = (file: string): string | undefined => /^api\/modules\/([^/]+)\//.exec(file)?.[1]
const isModel = (file: string) =>
  MODELS.has(file.replace(/\.ts$/, '').split('/').slice(-2).join('/')) && moduleOf(file) !== undefined
const isService = (file: string) =>
  moduleOf(file) !== undefined && !/-(routes|schemas|presenter)\.ts$/.test(file)
const isWeb = (target: string) => /^(koa|@koa\/|koa-)/.test(target) || inside('api/http', target)
const isCommandLine = (target: string) => target.startsWith('@oclif/') || inside('cli', target)

/** The files that declare a table. */
const MODELS = new Set([
  'alerts/alert',
  'api-keys/api-key',
  'auth/session',
  'auth/user',
  'companies/company',
  'files/stored-file',
  'invoices/invoice',
  'kyc/bank-account',
  'kyc/kyc-case',
  'kyc/kyc-check',
  'kyc/kyc-document',
  'kyc/kyc-profile',
  'listings/listing',
  'orders/checkout',
  'orders/order',
  'payments/payment',
  'sellers/seller',
  'invoices/egs-unit',
  'webhooks/webhook-event',
])
/** What a module shows to others as a value: how a thing is presented, which shape that has, what a hot page reads of it. Nothing that does. */
const SHOWN = /-(presenter|schemas|queries)\.ts$/
const OCLIF = new Set(['command', 'flags', 'args', 'run', 'execute', 'handle', 'flush', 'settings'])

/** What is about processes and their files, and about no server. */
const PROCESS_HELPERS = /^api\/embedded\/(process|private-file|log-file)\.ts$/

const RULES: Rule[] = [
  {
    says: 'the supervisor lives outside every release: it has node and its own files, and nothing else',
    broken: ({ importer, target, typeOnly }) =>
      inside('cli/deploy/supervisor', importer) &&
      !inside('cli/deploy/supervisor', target) &&
      !target.startsWith('node:') &&
      !typeOnly,
  },
  {
    says: 'platform knows no module, no web and no command line',
    broken: ({ importer, target }) =>
      inside('api/platform', importer) &&
      (inside('api/modules', target) ||
        isWeb(target) ||
        isCommandLine(target) ||
        ['api/context.ts', 'api/app.ts', 'api/server.ts', 'api/worker.ts'].includes(target)),
  },
  {
    says: 'services and models know no web and no command line',
    broken: ({ importer, target }) => isService(importer) && (isWeb(target) || isCommandLine(target)),
  },
  {
    says: 'api/http knows no module',
    broken: ({ importer, target }) => inside('api/http', importer) && inside('api/modules', target),
  },
  {
    says: 'api never imports cli, seeds or tests',
    broken: ({ importer, target }) =>
      inside('api', importer) && (isCommandLine(target) || inside('seeds', target) || isTest(target)),
  },
  {
    says: 'only tests and `cargoparts start` import the sandbox',
    broken: ({ importer, target }) =>
      inside('api/sandbox', target) &&
      !inside('api/sandbox', importer) &&
      !inside('cli/start', importer) &&
      !isTest(importer),
  },
  {
    says: 'the sandbox is loaded when it is needed, never at start-up',
    broken: ({ importer, target, lazy, typeOnly }) =>
      inside('api/sandbox', target) && inside('cli', importer) && !lazy && !typeOnly,
  },
  {
    says: 'the sandbox knows nothing of the modules it stands against',
    broken: ({ importer, target }) =>
      inside('api/sandbox', importer) && (inside('api/modules', target) || inside('api/http', target)),
  },
  {
    says: 'a module uses another by types, presenters and schemas; its services come from the context',
    broken: ({ importer, target, typeOnly }) => {
      const [from, to] = [moduleOf(importer), moduleOf(target)]
      return from !== undefined && to !== undefined && from !== to && !typeOnly && !SHOWN.test(target)
    },
  },
  {
    says: "another module's model is a type and nothing more",
    broken: ({ importer, target, typeOnly }) =>
      isModel(target) && !isTest(importer) && moduleOf(importer) !== moduleOf(target) && !typeOnly,
  },
  {
    says: 'only the context makes services',
    broken: ({ importer, target, typeOnly }) =>
      /-service\.ts$/.test(target) &&
      moduleOf(importer) === undefined &&
      importer !== 'api/context.ts' &&
      !isTest(importer) &&
      !typeOnly,
  },
  {
    says: 'modules do not know the context that joins them',
    broken: ({ importer, target }) =>
      inside('api/modules', importer) && /^api\/(context|app|server|worker)\.ts$/.test(target),
  },
  {
    says: 'embedded servers are for `cargoparts start`, the installation and the tests',
    broken: ({ importer, target }) =>
      inside('api/embedded', target) &&
      !inside('api/embedded', importer) &&
      !inside('cli/start', importer) &&
      !(inside('cli/deploy', importer) && PROCESS_HELPERS.test(target)) &&
      !inside('bin', importer) &&
      !isTest(importer),
  },
  {
    says: 'the embedded servers know the errors of the platform and nothing else of api',
    broken: ({ importer, target }) =>
      inside('api/embedded', importer) &&
      inside('api', target) &&
      !inside('api/embedded', target) &&
      target !== 'api/platform/errors.ts',
  },
  {
    says: 'commands import parts of oclif, never its index, which costs every start',
    broken: ({ importer, target, typeOnly }) =>
      (inside('cli', importer) || inside('bin', importer)) &&
      target.startsWith('@oclif/core') &&
      !typeOnly &&
      !OCLIF.has(target.slice('@oclif/core/'.length)),
  },
  {
    says: 'commands load zod and everything of api but errors when they run, not when they are named',
    broken: ({ importer, target, typeOnly, lazy }) =>
      inside('cli/commands', importer) &&
      !typeOnly &&
      !lazy &&
      (target === 'zod' || (inside('api', target) && target !== 'api/platform/errors.ts')),
  },
  {
    says: 'migrations import nothing of the application: they must mean the same in three years',
    broken: ({ importer, target }) =>
      inside('migrations', importer) && FOLDERS.some(folder => inside(folder, target)),
  },
  {
    says: 'tests are imported by tests only',
    broken: ({ importer, target }) => isTest(target) && !isTest(importer),
  },
]

/** Who may read the environment: the entries, and nobody they call. */
const READS_ENVIRONMENT = [
  ...['api/server.ts', 'api/worker.ts', 'cli/base-command.ts', 'knexfile.ts'],
  'cli/deploy/supervisor/main.ts',
]
const mayReadEnvironment = (file: string) => READS_ENVIRONMENT.includes(file) || isTest(file)
const LONGEST_FILE = 250

function violationsOf(files: File[]): string[] {
  const edges = files.flatMap(file =>
    file.imports.map(each => ({ ...each, importer: file.path, target: targetOf(file.path, each.from) })),
  )
  return [
    ...RULES.flatMap(rule =>
      edges
        .filter(edge => rule.broken(edge))
        .map(edge => `${edge.importer} imports ${edge.target}: ${rule.says}`),
    ),
    ...files
      .filter(file => file.readsEnvironment && !mayReadEnvironment(file.path))
      .map(file => `${file.path} reads process.env: only the entries do`),
    ...files
      .filter(file => (inside('api', file.path) || inside('cli', file.path)) && file.lines > LONGEST_FILE)
      .map(file => `${file.path} has ${file.lines} lines: a file has about 200`),
  ]
}

/** `../platform/ids.js` in `api/http/x.ts` is `api/platform/ids.ts`; what is compiled counts as its source. */
function targetOf(importer: string, from: string): string {
  if (!from.startsWith('.')) return from
  return path.posix
    .join(path.posix.dirname(importer), from)
    .replace(/^dist\//, '')
    .replace(/\.js$/, '.ts')
}

function sources(): File[] {
  const names = FOLDERS.flatMap(folder =>
    readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile() && /\.(ts|js)$/.test(entry.name))
      .map(entry => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/')),
  )
  return [...names, 'knexfile.ts'].map(name => ({
    path: name,
    ...factsOf(name, readFileSync(path.join(root, name), 'utf8')),
  }))
}

const planted = (file: string, source: string) => violationsOf([{ path: file, ...factsOf(file, source) }])

describe('the architecture', () => {
  const files = sources()

  it('is what the conventions say', () => {
    expect(violationsOf(files)).to.deep.equal([])
  })

  it('was read from the sources, all of them', () => {
    expect(files.length).to.be.above(150)
    expect(files.find(file => file.path === 'api/context.ts')?.imports.length).to.be.above(20)
  })

  it('knows every model', () => {
    const models = files
      .filter(
        file =>
          moduleOf(file.path) &&
          /^export class \w+ extends BaseModel/m.test(readFileSync(path.join(root, file.path), 'utf8')),
      )
      .map(file => file.path.replace(/^api\/modules\/|\.ts$/g, ''))
    expect([...MODELS]).to.have.members(models)
  })

  const breaches: [string, string, string][] = [
    ['api/platform/x.ts', "import { Order } from '../modules/orders/order.js'", 'platform knows no module'],
    ['api/platform/x.ts', "import Koa from 'koa'", 'platform knows no module'],
    ['api/platform/x.ts', "import type { Context } from 'koa'", 'platform knows no module'],
    ['api/modules/orders/order-service.ts', "import Router from '@koa/router'", 'services and models'],
    ['api/modules/orders/pricing.ts', "import { Flags } from '@oclif/core/flags'", 'services and models'],
    ['api/modules/orders/order.ts', "import { parse } from '../../http/parse.js'", 'services and models'],
    ['api/http/x.ts', "export { User } from '../modules/auth/user.js'", 'api/http knows no module'],
    ['api/worker.ts', "import { run } from '../cli/run.js'", 'api never imports cli'],
    ['api/worker.ts', "await import('../cli/run.js')", 'api never imports cli'],
    ['api/server.ts', "import { startSandbox } from './sandbox/index.js'", 'import the sandbox'],
    ['cli/commands/health.ts', "await import('../../api/sandbox/index.js')", 'import the sandbox'],
    ['cli/start/tap.ts', "import { startSandbox } from '../../api/sandbox/index.js'", 'when it is needed'],
    ['api/sandbox/tap/x.ts', "import '../../modules/payments/gateways/tap-hash.js'", 'stands against'],
    [
      'api/modules/payments/x.ts',
      "import { createOrderService } from '../orders/order-service.js'",
      'a module uses another by types',
    ],
    [
      'api/modules/payments/x.ts',
      "import { type OrderStatus, Order } from '../orders/order.js'",
      "another module's model",
    ],
    ['api/app.ts', "import { Order } from './modules/orders/order.js'", "another module's model"],
    [
      'cli/x.ts',
      "import { createAuthService } from '../api/modules/auth/auth-service.js'",
      'only the context',
    ],
    ['api/modules/auth/x.ts', "import type { Services } from '../../context.js'", 'do not know the context'],
    ['api/context.ts', "import { startRedis } from './embedded/redis.js'", 'embedded servers are for'],
    ['api/embedded/x.ts', "import { createDatabase } from '../platform/database.js'", 'nothing else of api'],
    [
      'cli/deploy/x.ts',
      "import { startRedis } from '../../api/embedded/redis.js'",
      'embedded servers are for',
    ],
    [
      'cli/deploy/supervisor/x.ts',
      "import { newId } from '../../../api/platform/ids.js'",
      'outside every release',
    ],
    ['cli/deploy/supervisor/x.ts', "import { extract } from 'tar'", 'outside every release'],
    ['cli/x.ts', "import { Command } from '@oclif/core'", 'never its index'],
    ['cli/x.ts', "import { Command } from '@oclif/core/lib/index'", 'never its index'],
    ['cli/commands/x.ts', "import { readConfig } from '../../api/platform/config/index.js'", 'when they run'],
    ['cli/commands/x.ts', "import { z } from 'zod'", 'when they run'],
    ['migrations/1_x.ts', "import { newId } from '../api/platform/ids.js'", 'three years'],
    ['seeds/x.ts', "import { useContext } from '../test/support/context.js'", 'by tests only'],
    ['api/platform/x.ts', 'export const url = process.env.DATABASE_URL', 'reads process.env'],
    ['cli/x.ts', "export const url = process['env'].DATABASE_URL", 'reads process.env'],
    ['cli/x.ts', 'const { env } = process', 'reads process.env'],
    ['seeds/x.ts', "import { env } from 'node:process'", 'reads process.env'],
    ['api/platform/x.ts', 'export {}\n'.repeat(LONGEST_FILE + 1), 'has 251 lines'],
  ]
  for (const [file, source, complaint] of breaches) {
    it(`would refuse ${source.split('\n')[0]} in ${file}`, () => {
      expect(planted(file, source).join('\n')).to.include(complaint)
    })
  }

  const fair: [string, string][] = [
    ['api/modules/payments/x.ts', "import type { Order } from '../orders/order.js'"],
    ['api/modules/payments/x.ts', "import { type Order, type Line } from '../orders/order.js'"],
    ['api/modules/listings/x.ts', "import { presentSeller } from '../sellers/seller-presenter.js'"],
    ['api/modules/orders/order-routes.ts', "import { ById } from '../../http/fields.js'"],
    ['cli/start/tap.ts', "await import('../../api/sandbox/index.js')"],
    ['cli/deploy/x.ts', "import { isAlive } from '../../api/embedded/process.js'"],
    ['cli/commands/x.ts', "await import('../../api/context.js')"],
    ['cli/x.ts', "import { Command } from '@oclif/core/command'"],
    ['api/server.ts', 'startServer(process.env)'],
    ['test/x.test.ts', "import { Order } from '../api/modules/orders/order.js'"],
    ['api/platform/x.ts', '/** process.env is for the entries */ export {}'],
  ]
  for (const [file, source] of fair) {
    it(`would let ${source} pass in ${file}`, () => {
      expect(planted(file, source)).to.deep.equal([])
    })
  }
})
