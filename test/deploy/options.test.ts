import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { expect } from 'chai'
import { bareEnvironment, cargoparts, envelope, json } from '../support/command.js'
import { commit, release, useDeployFolder } from './deploy-folder.js'
import { tinyArtefact } from './tiny-release.js'

const caught = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    error => error,
  )

/** Everything in a folder: names, kinds, contents. */
function imageOf(folder: string): string {
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const hash = createHash('sha256')
  for (const name of entries) {
    const file = path.join(folder, name)
    const stat = lstatSync(file)
    hash.update(`${name} ${stat.mode} ${stat.mtimeMs} `)
    if (stat.isFile()) hash.update(readFileSync(file))
  }
  return hash.digest('hex')
}

describe('what a deploy is asked for', function () {
  this.timeout(60_000)
  const t = useDeployFolder({ settings: { api: 1 } })
  const command = (...words: string[]) => cargoparts([...words, '--root', t.paths.root], bareEnvironment())
  let file: string
  before(async () => {
    file = await t.artefact({ commit: commit('a') })
  })

  it('--dry-run prints the plan and writes nothing, starts nothing, takes no lock', async () => {
    const image = imageOf(t.paths.root)
    const { code, stdout } = await command(
      'deploy',
      file,
      '--dry-run',
      '--json',
      '--skip',
      'smoke',
      '--reason',
      'x',
    )
    expect(code).to.equal(0)
    const plan = JSON.parse(stdout)
    expect(plan).to.include({ dryRun: true, release: release('a'), live: null, blockedBy: null })
    expect(plan.steps.map(({ name }: { name: string }) => name)).to.include.members([
      'migrate',
      'switch',
      'drain',
    ])
    expect(plan.steps.filter(({ skipped }: { skipped: boolean }) => skipped)).to.have.length(1)
    expect(imageOf(t.paths.root)).to.equal(image)
  })

  it('--skip without a reason is refused, and so is a step that must not be left out', async () => {
    expect((await command('deploy', file, '--skip', 'smoke')).code).to.equal(2)
    const blank = await command('deploy', file, '--skip', 'smoke', '--reason', ' ', '--json')
    expect(envelope(blank)).to.include({ kind: 'invalid', code: 'deploy.no_reason' })
    const { code, message } = envelope(
      await command('deploy', file, '--skip', 'switch', '--reason', 'x', '--json'),
    )
    expect(code).to.equal('deploy.not_skippable')
    expect(message).to.include('warm-up')
  })

  it('a damaged artefact is refused', async () => {
    const damaged = await t.artefact({ commit: commit('d') })
    appendFileSync(damaged, 'x')
    const { code, stdout } = await command('deploy', damaged, '--json')
    expect(code).to.equal(5)
    expect(JSON.parse(stdout).error.message).to.include('checksum')
    rmSync(`${damaged}.sha256`)
    expect(envelope(await command('deploy', damaged, '--json')).message).to.include('cannot be checked')
  })

  it('an artefact that no test has seen is refused, unless for a reason that stays on record', async () => {
    const untested = await tinyArtefact(t.made, { commit: commit('c') }, { isTested: false })
    const error = await caught(t.deployFile(untested))
    expect(error).to.include({ kind: 'invalid', code: 'deploy.not_tested' })
    const done = await t.deployFile(untested, { skip: ['artefact'], reason: 'the shop is down' })
    expect(done).to.deep.include({ skipped: ['artefact'], reason: 'the shop is down' })
    const step = done.steps.find(({ name }) => name === 'artefact')
    expect(step).to.deep.include({ state: 'skipped', detail: 'the shop is down' })
  })

  it('as a command: steps as plain lines on stderr, the result on stdout', async () => {
    const { code, stdout, stderr } = await command('deploy', file)
    expect(code, stderr).to.equal(0)
    expect(stdout).to.match(/^1\.0\.0-a{12} is live, after \d+ s\. Undo: `cargoparts deploy:rollback`\.\n$/)
    for (const step of ['unpack', 'migrate', 'health', 'switch', 'smoke', 'drain'])
      expect(stderr).to.match(new RegExp(`^  ✓ ${step} +\\d`, 'm'))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be in a pipe
    expect(stderr).to.not.match(/\x1b/)
  })

  it('by a commit id of what lies in the folder, as JSON', async () => {
    const { code, stdout } = await command('deploy', 'aaaaaaa', '--json')
    expect(code).to.equal(0)
    expect(JSON.parse(stdout)).to.deep.include({ outcome: 'deployed', commit: commit('a') })
    const unknown = await command('deploy', 'bbbbbbb', '--json')
    expect({ code: unknown.code, problem: envelope(unknown).code }).to.deep.equal({
      code: 3,
      problem: 'deploy.no_artefact',
    })
  })

  it('deploy:status tells all of it', async () => {
    const status = json(await command('deploy:status', '--json'))
    expect(status).to.deep.include({ live: release('a'), lock: null })
    expect(status.releases).to.include.members([release('a'), release('c')])
    expect(status.deploys[0]).to.include({
      release: release('a'),
      outcome: 'deployed',
      previous: release('a'),
    })
    const { stdout } = await command('deploy:status')
    expect(stdout).to.match(/^1\.0\.0-a{12} is live\.\nThe supervisor \(process \d+\) holds port \d+\.\n/)
  })

  it('where there is no deploy folder it says how to make one', async () => {
    const { code, stderr } = await cargoparts(['deploy:status', '--root', '/nonexistent'], bareEnvironment())
    expect(code).to.equal(3)
    expect(stderr).to.include('deploy:setup --root /nonexistent')
  })

  describe('hooks', () => {
    const hook = (name: string, text: string, mode = 0o755) => {
      const at = path.join(t.paths.hooks, name)
      writeFileSync(at, `#!/bin/sh\n${text}\n`)
      chmodSync(at, mode)
      return at
    }

    it('run before and after a step, and know what it is about', async () => {
      const seen = path.join(t.made, 'seen')
      const line = `echo "$0 $DEPLOY_STEP $DEPLOY_RELEASE $DEPLOY_PREVIOUS" >> ${seen}`
      const hooks = [hook('before-switch', line), hook('after-switch', line)]
      await t.deploy({ commit: commit('e') })
      const facts = `switch ${release('e')} ${release('a')}`
      expect(readFileSync(seen, 'utf8')).to.equal(hooks.map(each => `${each} ${facts}\n`).join(''))
      for (const each of hooks) rmSync(each)
    })

    it('that fail after the switch take the release back', async () => {
      const failing = hook('after-smoke', 'echo "orders do not add up" >&2; exit 1')
      const error = await caught(t.deploy({ commit: commit('f') }))
      rmSync(failing)
      expect(error.message).to.include('orders do not add up')
      expect(error.details).to.include({ step: 'smoke', live: release('e') })
      expect((await t.who()).commit).to.equal(commit('e'))
    })

    it('that may not be executed are not passed over', async () => {
      const idle = hook('before-start', 'true', 0o644)
      const error = await caught(t.deploy({ commit: commit('f') }))
      rmSync(idle)
      expect(error.message).to.include('chmod +x')
    })
  })
})
