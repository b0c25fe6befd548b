import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { commandLine } from '../../cli/run.js'
import { BIN, bareEnvironment, cargoparts, type Ended, envelope, json, runNode } from '../support/command.js'

const root = new URL('../../../', import.meta.url)
const read = (name: string) => JSON.parse(readFileSync(new URL(name, root), 'utf8'))
type Described = { summary?: string; examples?: unknown[]; flags: Record<string, { summary?: string }> }
const commands = read('oclif.manifest.json').commands as Record<string, Described>

describe('cargoparts, asked what it is', () => {
  for (const flag of ['--version', '-v']) {
    it(`${flag} prints one line`, async () => {
      const { code, stdout, stderr } = await cargoparts([flag])
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
      expect(stdout).to.equal(
        `cargoparts/${read('package.json').version} ${process.platform}-${process.arch} node-${process.version}\n`,
      )
    })
  }

  for (const words of [['--help'], ['-h'], ['help'], []]) {
    it(`${words.join(' ') || 'no word at all'} lists every command with its colon`, async () => {
      const { code, stdout, stderr } = await cargoparts(words)
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
      for (const id of Object.keys(commands)) expect(stdout).to.match(new RegExp(`^  ${id} +[A-Z]`, 'm'))
      expect(stdout).to.match(/^ {2}db:migrate /m)
    })
  }

  for (const words of [
    ['db:migrate', '--help'],
    ['db', 'migrate', '--help'],
    ['help', 'db', 'migrate'],
  ]) {
    it(`${words.join(' ')} shows the command with its colon`, async () => {
      const { code, stdout } = await cargoparts(words)
      expect(code).to.equal(0)
      expect(stdout).to.match(/^ {2}\$ cargoparts db:migrate/m)
    })
  }

  it('a topic alone lists its commands', async () => {
    const { code, stdout } = await cargoparts(['webhooks'])
    expect(code).to.equal(0)
    for (const id of ['webhooks:list', 'webhooks:show', 'webhooks:retry']) expect(stdout).to.include(id)
  })

  it('every command has a summary and an example that names it, and every flag says what it does', () => {
    for (const [id, { summary, examples, flags }] of Object.entries(commands)) {
      expect(summary, id).to.match(/^[A-Z].+\.$/)
      expect(examples, id).to.be.an('array').that.is.not.empty
      for (const [name, flag] of Object.entries(flags))
        if (name !== 'json') expect(flag.summary, `${id} --${name}`).to.match(/\.$/)
    }
  })

  it('every example shown in help is one the command line reads as that command', async () => {
    const ids = new Set(Object.keys(commands))
    for (const [id, { examples }] of Object.entries(commands)) {
      for (const example of examples as string[]) {
        const line = example.replace('<%= config.bin %>', 'cargoparts').replace('<%= command.id %>', id)
        const words = line.split('cargoparts ')[1]?.split(' | ')[0]?.split(' ') ?? []
        expect(commandLine(words, ids)[0], example).to.equal(id)
        for (const [, flag] of line.matchAll(/ --([\w-]+)/g))
          expect(Object.keys(commands[id]?.flags ?? {}), example).to.include(flag)
      }
    }
  })
})

describe('cargoparts, asked wrongly', () => {
  const mistakes: [string, string[], RegExp][] = [
    ['an unknown command', ['db:statuss'], /db:statuss is not a command/],
    ['an unknown word after a topic', ['db', 'statuss'], /db statuss is not a command/],
    ['two unknown words', ['make', 'coffee'], /make coffee is not a command/],
    ['an unknown flag alone', ['--bogus'], /--bogus is not a command/],
    ['an unknown flag', ['db:status', '--bogus'], /Nonexistent flag: --bogus/],
    ['an unknown flag after a space form', ['db', 'status', '--bogus'], /Nonexistent flag: --bogus/],
    ['a missing argument', ['orders:show'], /Missing 1 required arg/],
    ['an argument too many', ['health', 'now'], /Unexpected argument: now/],
    ['a flag without its value', ['invoices:export', '--since'], /--since expects a value/],
    ['a value that is not on the list', ['webhooks:list', '--status', 'lost'], /Expected --status=lost/],
    ['a number that is none', ['webhooks:list', '--limit', 'many'], /Expected an integer/],
    ['a number out of its range', ['webhooks:list', '--limit', '0'], /greater than or equal to 1/],
  ]
  for (const [what, args, says] of mistakes) {
    it(`${what} exits 2, in words and as one envelope`, async () => {
      const [text, document] = (await Promise.all([cargoparts(args), cargoparts([...args, '--json'])])) as [
        Ended,
        Ended,
      ]
      expect({ code: text.code, stdout: text.stdout }).to.deep.equal({ code: 2, stdout: '' })
      expect(text.stderr).to.match(says)
      expect({ code: document.code, stderr: document.stderr }).to.deep.equal({ code: 2, stderr: '' })
      expect(envelope(document)).to.include({ kind: 'usage', code: 'cli.usage' })
      expect(envelope(document).message).to.match(says)
      for (const told of [text.stderr, document.stdout])
        expect(told).to.not.match(/ {4}at |package\.json|node_modules|dependencies/)
    })
  }
})

describe('cargoparts without a running system', function () {
  this.timeout(60_000)
  const asked = [
    ['db:status'],
    ['db:migrate'],
    ['db:seed'],
    ['indexes:create'],
    ['health'],
    ['webhooks:list'],
    ['webhooks:show', '01970000-0000-7000-8000-000000000000'],
    ['webhooks:retry', '01970000-0000-7000-8000-000000000000'],
    ['orders:show', 'CP-1000001'],
    ['invoices:export'],
    ['listings:import', 'stock.csv', '--seller', '1010123456'],
    ['demo:order'],
  ]
  for (const args of asked) {
    it(`${args[0]} exits 7 and says how to get one`, async () => {
      const { code, stdout, stderr } = await cargoparts(args)
      expect({ code, stdout }).to.deep.equal({ code: 7, stdout: '' })
      expect(stderr).to.match(/^Error: No CargoParts runs here\..*cargoparts start.*DATABASE_URL/)
    })
  }

  it('takes --json where the process runs on, too', async () => {
    for (const command of ['serve', 'work']) {
      const { code, stderr } = await cargoparts([command, '--json'])
      expect(code, stderr).to.equal(5)
      expect(stderr).to.include('DATABASE_URL is required')
    }
  })

  it('says the same in one envelope', async () => {
    const end = await cargoparts(['webhooks', 'list', '--json'])
    expect(end.code).to.equal(7)
    expect(envelope(end)).to.include({ kind: 'unavailable', code: 'cli.nothing_running' })
  })

  it('serve and work want their whole environment, and exit 5', async () => {
    for (const command of ['serve', 'work']) {
      const { code, stdout, stderr } = await cargoparts([command])
      expect({ code, stdout }).to.deep.equal({ code: 5, stdout: '' })
      expect(stderr).to.match(/DATABASE_URL is required/)
    }
  })
})

describe('the words of a command', () => {
  const ids = new Set(['health', 'db:status', 'orders:show', 'webhooks:retry'])

  it('may be joined by a colon or a space', () => {
    expect(commandLine(['db', 'status', '--json'], ids)).to.deep.equal(['db:status', '--json'])
    expect(commandLine(['db:status', '--json'], ids)).to.deep.equal(['db:status', '--json'])
  })

  it('end where the arguments begin', () => {
    expect(commandLine(['orders', 'show', 'health'], ids)).to.deep.equal(['orders:show', 'health'])
    expect(commandLine(['health', 'orders', 'show'], ids)).to.deep.equal(['health', 'orders', 'show'])
    expect(commandLine(['webhooks', 'retry', 'ID', '--', '-x'], ids)).to.deep.equal([
      'webhooks:retry',
      'ID',
      '--',
      '-x',
    ])
  })

  it('are never taken for a topic whose help is asked', () => {
    for (const words of [['db', 'nothing'], ['db', '--json'], ['constructor'], ['__proto__', 'x']])
      expect(() => commandLine(words, ids), words.join(' ')).to.throw('is not a command')
  })
})

describe('a machine with little on it', () => {
  it('runs from any folder, without HOME', async () => {
    const { HOME: _home, ...env } = bareEnvironment()
    const end = await runNode(['--input-type=module', '-e', spawnFromRoot], env)
    expect(end.code, end.stderr).to.equal(0)
    expect(json(end).stdout).to.match(/^cargoparts\//)
  })

  const spawnFromRoot = `
    import { spawnSync } from 'node:child_process'
    const end = spawnSync(process.execPath, [${JSON.stringify(BIN)}, '--version'], { cwd: '/', encoding: 'utf8' })
    console.log(JSON.stringify(end))`
})
