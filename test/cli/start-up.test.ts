import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { useScratch } from '../embedded/scratch.js'
import { BIN, bareEnvironment, runNode } from '../support/command.js'

const HEAVY = [
  'knex',
  'pg',
  'zod',
  'koa',
  'objection',
  'ioredis',
  'winston',
  'bee-queue',
  '@inquirer/prompts',
]
const RECORDER = new URL('./record-modules.js', import.meta.url).href

describe('what a command loads', () => {
  const scratch = useScratch()
  let runs = 0

  /** The packages and the files of ours that a run of the command line loaded. */
  async function loadedBy(args: string[], env = {}): Promise<{ packages: Set<string>; own: string[] }> {
    const file = scratch.path(`loaded-${++runs}`)
    await runNode(['--import', RECORDER, BIN, ...args], bareEnvironment({ RECORD_MODULES_TO: file, ...env }))
    const paths = readFileSync(file, 'utf8').trim().split('\n')
    const names = paths.map(path => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1])
    return {
      packages: new Set(names.filter(name => name !== undefined)),
      own: paths.filter(path => /\/dist\/(api|cli)\//.test(path)).map(path => path.replace(/.*\/dist\//, '')),
    }
  }

  for (const args of [['--version'], ['--help'], []]) {
    it(`${args[0] ?? 'no word at all'}: no package at all`, async () => {
      const { packages, own } = await loadedBy(args)
      expect([...packages]).to.deep.equal([])
      expect(own).to.have.members(
        args[0] === '--version' ? ['cli/run.js'] : ['cli/run.js', 'cli/root-help.js'],
      )
    })
  }

  for (const args of [
    ['db:migrate', '--help'],
    ['webhooks', 'list', '--help'],
    ['start', '--help'],
    ['db'],
    ['db:statuss'],
    ['db:status', '--bogus'],
    ['orders:show'],
  ]) {
    it(`${args.join(' ')}: nothing heavy`, async () => {
      const { packages, own } = await loadedBy(args)
      expect([...packages].filter(name => HEAVY.includes(name))).to.deep.equal([])
      expect(own.filter(file => /^api\/(modules|http|context)/.test(file))).to.deep.equal([])
    })
  }

  it('a command that talks to the database loads it: the record is true', async () => {
    const { packages, own } = await loadedBy(['webhooks:list'], {
      DATABASE_URL: 'postgres://a@127.0.0.1:1/x',
    })
    for (const name of ['knex', 'pg', 'zod', 'objection']) expect([...packages]).to.include(name)
    expect(own).to.include('api/context.js')
  })

  it('a command that only asks the API over HTTP loads no database', async () => {
    for (const command of ['health', 'demo:order']) {
      const { packages } = await loadedBy([command, '--url', 'http://127.0.0.1:1'])
      expect(
        [...packages].filter(name => HEAVY.includes(name)),
        command,
      ).to.deep.equal([])
    }
  })
})
