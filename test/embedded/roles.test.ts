import { expect } from 'chai'
import pg from 'pg'
import { type EmbeddedPostgres, removePostgres, startPostgres } from '../../api/embedded/postgres.js'
import { type DatabaseUrls, ensureDatabase } from '../../cli/start/database.js'
import { readOrMakeSecrets } from '../../cli/start/secrets.js'
import { useScratch } from './scratch.js'

describe('the roles of the embedded database', function () {
  this.timeout(120_000)
  const scratch = useScratch(() => removePostgres(scratch.path('postgres')))
  let server: EmbeddedPostgres
  let urls: DatabaseUrls
  let passwords: string[]

  before(async () => {
    server = await startPostgres({ dataDir: scratch.path('postgres'), ephemeral: true })
    const { secrets } = readOrMakeSecrets(scratch.path('secrets.json'))
    passwords = [secrets.DATABASE_APP_PASSWORD, secrets.DATABASE_OWNER_PASSWORD]
    await ensureDatabase(server, secrets)
    // as a start before this one left it
    await query(server.url('cargoparts'), `alter role cargoparts_owner password '${passwords[1]}'`)
    await query(server.url('cargoparts'), 'grant pg_read_all_stats to cargoparts_app')
    expect(await statements(server.url('cargoparts'))).to.include(passwords[1])
    urls = await ensureDatabase(server, secrets)
  })

  it('sign in with their passwords', async () => {
    for (const url of [urls.serving, urls.owner])
      expect(await query(url, 'select 1 as one')).to.have.length(1)
    const wrong = urls.serving.replace(passwords[0] as string, 'wrong')
    const refused = await query(wrong, 'select 1').catch((error: { code: string }) => error.code)
    expect(refused).to.equal('28P01')
  })

  it('leave no password in the statistics, for whoever reads them', async () => {
    for (const url of [urls.serving, urls.owner, server.url('cargoparts')]) {
      const text = await statements(url)
      for (const password of passwords) expect(text).to.not.include(password)
      expect(text).to.not.match(/password \S*SCRAM/)
    }
  })

  it('see their own statements only', async () => {
    const rows = await query(
      urls.serving,
      "select r.rolname from pg_roles r where pg_has_role(current_user, r.oid, 'member')",
    )
    expect(rows.map(row => row.rolname)).to.deep.equal(['cargoparts_app'])
  })
})

const statements = async (url: string): Promise<string> =>
  (await query(url, 'select query from pg_stat_statements')).map(row => row.query).join('\n')

async function query(url: string, text: string): Promise<Record<string, string>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
