import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { CHECKS } from '../../cli/deploy/steps/build.js'
import { dependenciesOf } from '../../cli/deploy/unpack.js'
import { bareEnvironment, cargoparts, envelope, json } from '../support/command.js'
import { commit, useDeployFolder } from './deploy-folder.js'
import { tinySource } from './tiny-release.js'

/** Writes down that it was asked, in a place that git does not look at; fails where a file of that name says so. */
const asked = (name: string) =>
  `node -e "const fs = require('fs'); fs.appendFileSync('.git/asked', '${name}\\n'); process.exitCode = fs.existsSync('.git/fails-${name.replace(':', '-')}') ? 1 : 0"`
/** Stands in for the compiler: the release then says the commit that it was built from. */
const BUILD = `${asked('build')} && node -e "require('fs').writeFileSync('dist/traits.json', JSON.stringify({ commit: require('child_process').execSync('git rev-parse HEAD').toString().trim() }))"`

describe('a deploy straight from a checkout', function () {
  this.timeout(60_000)
  const t = useDeployFolder({ settings: { api: 1 } })
  const source = () => path.join(t.made, 'checkout')
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.sa', ...words], {
      cwd: source(),
      encoding: 'utf8',
    }).trim()
  const deploy = (...words: string[]) =>
    cargoparts(['deploy', ...words, '--root', t.paths.root], bareEnvironment(), source())
  const askedFor = () => {
    const file = path.join(source(), '.git/asked')
    const names = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
    rmSync(file, { force: true })
    return names
  }

  before(() => {
    mkdirSync(source())
    tinySource(
      source(),
      { commit: commit('0') },
      { ...Object.fromEntries(CHECKS.map(name => [name, asked(name)])), build: BUILD },
    )
    writeFileSync(path.join(source(), '.gitignore'), 'dist/traits.json\n')
    // a lockfile that names nothing needs no npm
    mkdirSync(path.join(t.paths.dependencies, dependenciesOf(source()), 'node_modules'), { recursive: true })
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'one')
  })

  it('runs nothing for its plan', async () => {
    const { code, stdout, stderr } = await deploy('--dry-run')
    expect(code, stderr).to.equal(0)
    expect(stdout).to.match(/^This checkout, once it is packed, would take the place of nothing\./)
    expect(stdout).to.match(/^ {2}· checks .*\n {2}· pack /m)
    expect(askedFor()).to.deep.equal([])
    expect(readdirSync(t.paths.artefacts)).to.deep.equal([])
  })

  it('passes the checks, packs what they passed, and brings it live', async () => {
    const end = await deploy('--json')
    expect(end.code, end.stdout).to.equal(0)
    const { outcome, release, steps } = json(end)
    expect({ outcome, release }).to.deep.equal({
      outcome: 'deployed',
      release: `1.0.0-${git('rev-parse', '--short=12', 'HEAD')}`,
    })
    expect(steps.map(({ name }: { name: string }) => name).slice(0, 3)).to.deep.equal([
      ...['checks', 'pack', 'artefact'],
    ])
    expect(askedFor()).to.deep.equal([...CHECKS, 'build'])
    const manifest = JSON.parse(readFileSync(path.join(t.paths.release(release), 'manifest.json'), 'utf8'))
    expect(
      manifest.checks.map(({ name, outcome }: Record<string, string>) => `${name} ${outcome}`),
    ).to.deep.equal(CHECKS.map(name => `${name} passed`))
    expect(manifest.commit).to.equal(git('rev-parse', 'HEAD'))
  })

  it('stops at a check that fails: nothing is built, and what is live stays', async () => {
    git('commit', '-qm', 'two', '--allow-empty')
    writeFileSync(path.join(source(), '.git/fails-type-check'), '')
    const { kind, message, details } = envelope(await deploy('--json'))
    rmSync(path.join(source(), '.git/fails-type-check'))
    expect({ kind, step: details.step }).to.deep.equal({ kind: 'invalid', step: 'checks' })
    expect(message).to.include('npm run type-check').and.include(' is live. Mend what failed')
    expect(askedFor()).to.deep.equal(['lint', 'type-check'])
    expect(readdirSync(t.paths.artefacts)).to.have.length(2)
  })

  it('refuses what is not committed, before the minutes that the checks take', async () => {
    writeFileSync(path.join(source(), 'forgotten.txt'), '')
    const { code, details } = envelope(await deploy('--json'))
    rmSync(path.join(source(), 'forgotten.txt'))
    expect({ code, step: details.step }).to.deep.equal({ code: 'deploy.not_committed', step: 'checks' })
    expect(askedFor()).to.deep.equal([])
  })

  it('refuses a checkout that moved on while its checks ran', async () => {
    const hook = path.join(t.paths.hooks, 'after-checks')
    const words = '-c user.name=a -c user.email=a@example.sa commit --allow-empty -qm three'
    writeFileSync(hook, `#!/bin/sh\ncd '${source()}' && git ${words}\n`, { mode: 0o755 })
    const { code, details } = envelope(await deploy('--json'))
    rmSync(hook)
    expect({ code, step: details.step }).to.deep.equal({ code: 'deploy.moved', step: 'pack' })
    expect(askedFor()).to.deep.equal([...CHECKS])
  })

  it('goes live without its checks for one reason, said once, which stays with it', async () => {
    const end = await deploy('--skip', 'checks', '--reason', 'the shop is down', '--json')
    expect(end.code, end.stdout).to.equal(0)
    const { release, reason, skipped } = json(end)
    expect({ reason, skipped }).to.deep.equal({ reason: 'the shop is down', skipped: ['checks'] })
    expect(askedFor()).to.deep.equal(['build'])
    const manifest = JSON.parse(readFileSync(path.join(t.paths.release(release), 'manifest.json'), 'utf8'))
    expect(manifest.reason).to.equal('the shop is down')
    // another day, another deploy: it is still one that no test has seen
    expect(envelope(await deploy(release, '--json')).code).to.equal('deploy.not_tested')
  })
})
