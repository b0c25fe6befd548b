import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import path from 'node:path'
import { expect } from 'chai'
import { verifyChecksum } from '../../cli/deploy/artefact.js'
import { ask } from '../../cli/deploy/ask.js'
import { checkManifest } from '../../cli/deploy/manifest.js'
import { commitOf } from '../../cli/deploy/source.js'
import { buildEnvironment } from '../../cli/deploy/steps/build.js'
import { pathsOf } from '../../cli/deploy/supervisor/folder.js'
import { dependenciesOf, installDependencies } from '../../cli/deploy/unpack.js'
import { useScratch } from '../embedded/scratch.js'
import { testFiles } from '../support/kinds.js'
import { commit } from './deploy-folder.js'
import { tinyArtefact, tinySource } from './tiny-release.js'

const caught = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    error => error,
  )

describe('packing', () => {
  const scratch = useScratch()
  const folder = (name: string) => {
    mkdirSync(scratch.path(name), { recursive: true })
    return scratch.path(name)
  }

  it('gives the same bytes for the same build, wherever it is made', async () => {
    const [one, two] = [
      await tinyArtefact(folder('one'), { commit: commit('a') }),
      await tinyArtefact(folder('two'), { commit: commit('a') }),
    ]
    expect(await verifyChecksum(one)).to.equal(await verifyChecksum(two))
    execFileSync('sha256sum', ['--check', `${path.basename(one)}.sha256`], { cwd: folder('one') })
  })

  it('takes no commit id that its files are not', async () => {
    const checkout = folder('checkout')
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
        cwd: checkout,
        stdio: 'pipe',
      })
    git('init', '-q')
    writeFileSync(path.join(checkout, 'a'), '1')
    git('add', 'a')
    git('commit', '-qm', 'one')
    expect(await commitOf(checkout)).to.match(/^[0-9a-f]{40}$/)
    writeFileSync(path.join(checkout, 'a'), '2')
    const error = await caught(commitOf(checkout))
    expect(error).to.include({ kind: 'conflict', code: 'deploy.not_committed' })
  })

  it('of what was not built is refused', async () => {
    const file = await tinyArtefact(folder('three'), { commit: commit('b') })
    expect(file).to.be.a('string')
    const source = path.join(folder('three'), `source-${commit('b')}`)
    rmSync(path.join(source, 'oclif.manifest.json'))
    const { pack } = await import('../../cli/deploy/pack.js')
    const error = await caught(
      pack({ source, into: folder('three'), commit: commit('b'), checks: [], reason: null }),
    )
    expect(error).to.include({ code: 'deploy.not_built' })
  })

  it('and its checks see neither production nor its services', () => {
    const env = {
      PATH: '/bin',
      HOME: '/root',
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://a',
      REDIS_URL: 'redis://a',
    }
    expect(buildEnvironment(env)).to.deep.equal({ PATH: '/bin', HOME: '/root' })
  })

  it('writes a manifest that leads out of no folder', () => {
    const good = { format: 1, version: '1.0.0', commit: commit('a'), checks: [], migrations: [] }
    expect(checkManifest(JSON.stringify(good), 'x')).to.deep.equal(good)
    for (const bad of [
      { ...good, format: 2 },
      { ...good, version: '../../etc' },
      { ...good, commit: '../../../etc/passwd' },
      { ...good, checks: 'all' },
      { ...good, commit: undefined },
    ])
      expect(() => checkManifest(JSON.stringify(bad), 'x'), JSON.stringify(bad)).to.throw()
    expect(() => checkManifest('{', 'x')).to.throw(/cannot be read/)
  })
})

describe('what a release depends on', () => {
  const scratch = useScratch()

  it('is what its lockfile says, to the byte: installed beside it, never into what runs, and once', async () => {
    const paths = pathsOf(scratch.path('d'))
    const [npm, asked] = [scratch.path('npm'), scratch.path('asked')]
    writeFileSync(npm, `#!/bin/sh\necho "$PWD $*" >> '${asked}'\n`, { mode: 0o755 })
    const run = {
      ...{ cwd: scratch.path(), log: scratch.path('log'), signal: new AbortController().signal },
      env: { PATH: `${scratch.path()}:${process.env.PATH}` },
    }
    for (const name of ['one', 'two']) {
      tinySource(paths.release(name), { commit: commit('a') })
      await installDependencies(paths, name, run)
    }
    const store = path.join(paths.dependencies, dependenciesOf(paths.release('one')))
    expect(readFileSync(asked, 'utf8')).to.equal(
      `${store}.partial ci --omit=dev --ignore-scripts --no-audit --no-fund\n`,
    )
    for (const name of ['one', 'two'])
      expect(realpathSync(path.join(paths.release(name), 'node_modules'))).to.equal(
        realpathSync(path.join(store, 'node_modules')),
      )
  })
})

describe('a question to a process', () => {
  let silent: Server
  before(done => {
    silent = createServer(socket => socket.on('error', () => undefined).resume()).listen(0, '127.0.0.1', done)
  })
  after(done => void silent.close(done))

  it('that is never answered has an end', async () => {
    const { port } = silent.address() as { port: number }
    const error = await caught(ask({ url: `http://127.0.0.1:${port}` }, '/', 50))
    expect(error.message).to.equal('no answer within 0.05 s')
  })
})

describe('npm run test:unit and test:integration', () => {
  const { unit, integration } = testFiles()

  it('are all the tests, each once', () => {
    expect(new Set([...unit, ...integration])).to.have.length(unit.length + integration.length)
    expect(unit.length).to.be.above(30)
    expect(integration.length).to.be.above(100)
  })

  it('are told apart by whether they need a server', () => {
    const names = (files: string[]) => files.map(file => file.replace(/.*\/dist\/test\//, ''))
    expect(names(unit)).to.include.members(['platform/money.test.js', 'architecture.test.js'])
    expect(names(integration)).to.include.members([
      'orders/oversell.test.js',
      'cli/db.test.js',
      'deploy/deploying.test.js',
    ])
    for (const file of unit)
      expect(readFileSync(file, 'utf8'), file).to.not.match(/TEST_POSTGRES_URL|useContext\(/)
  })
})
