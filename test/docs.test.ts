import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { Environment } from '../api/platform/config/environment.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const pages = [
  'README.md',
  'CHANGELOG.md',
  ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.md'))
    .map(file => path.join('docs', file)),
]
const scripts = Object.keys(JSON.parse(read('package.json')).scripts)
const commands = Object.keys(JSON.parse(read('oclif.manifest.json')).commands)

const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(match => match[1] as string)

describe('what the documents say', () => {
  for (const page of pages) {
    it(`${page} names only npm scripts that exist`, () => {
      const named = found(read(page), /npm run ([\w:-]+)/g)
      expect(scripts).to.include.members(named)
    })

    it(`${page} names only commands that exist`, () => {
      const named = found(read(page), /npx cargoparts ([a-z]+(?::[a-z]+)?)/g)
      expect(commands).to.include.members(named)
    })

    it(`${page} links only to files that exist`, () => {
      const links = found(read(page), /\]\((?!https?:)([^)#]+)/g)
      expect(links.filter(link => !existsSync(path.join(root, path.dirname(page), link)))).to.be.empty
    })
  }

  it('the package ships what runs, and neither tests nor benches', () => {
    const files: string[] = JSON.parse(read('package.json')).files
    expect(files).to.include.members(['bin', 'dist/api', 'dist/cli', 'dist/migrations', 'dist/seeds'])
    for (const file of ['dist', 'dist/test', 'dist/bench']) expect(files).to.not.include(file)
    expect(files.filter(file => !existsSync(path.join(root, file)))).to.be.empty
  })

  it('the README lists every command', () => {
    const readme = read('README.md')
    expect(commands.filter(command => !readme.includes(`\`${command}\``))).to.be.empty
  })

  it('the configuration page names every variable that has an effect', () => {
    const page = read('docs/configuration.md')
    const toCome =
      /^(HYPERPAY|UNIFONIC|TWILIO|SMTP|VAULT|ALERT|STORAGE|WATHQ|ZATCA|EMAIL|DD_|LOG_DIR|ENABLE_2FA|ENABLE_API|DEFAULT_CURRENCY|DATABASE_REPLICA)/
    const names = Object.keys(Environment.shape).filter(name => !toCome.test(name))
    expect(names.filter(name => !page.includes(`\`${name}\``))).to.be.empty
  })

  describe('of security', () => {
    const page = read('docs/security.md')
    const rows = page.split('\n').flatMap(line => {
      const [, id, , shownBy] = /^\| (\d+\.\d+\.\d+) \| (.+?) \| (.+) \|$/.exec(line) ?? []
      return id && shownBy ? [{ id, shownBy }] : []
    })

    it('is shown by tests that exist, by pages, or called open', () => {
      for (const { id, shownBy } of rows) {
        const tests = [...shownBy.matchAll(/`([\w/-]+\.test\.ts)` \*([^*]+)\*/g)]
        for (const [, file = '', title = ''] of tests)
          expect(titlesIn(file), `${id}: ${file}`).to.include(title)
        const isShown = tests.length > 0 || /\]\(\w+\.md\)/.test(shownBy) || shownBy.includes('**open**')
        expect(isShown, id).to.equal(true)
        expect(shownBy.match(/\.test\.ts`/g) ?? [], `${id}: a file without a title`).to.have.length(
          tests.length,
        )
      }
    })

    it('names each requirement of the standard once: 217 without OAuth and WebRTC', () => {
      const [, apart = ''] = page.split('## What does not apply')
      const named = [...rows.map(({ id }) => id), ...found(apart, /\b(\d+\.\d+\.\d+)\b/g)]
      expect(new Set(named)).to.have.length(named.length)
      expect(named).to.have.length(217)
    })
  })
})

/** The titles of a test file's cases and groups, as they stand there. */
function titlesIn(file: string): string[] {
  const calls = /\b(?:it|describe)\((?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g
  return [...read(path.join('test', file)).matchAll(calls)].map(
    ([, single, double]) => single ?? double ?? '',
  )
}
