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
})
