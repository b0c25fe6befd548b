import { expect } from 'chai'
import { INDEXES } from '../../api/platform/indexes.js'
import { cargoparts, type Env, json, operatorEnvironment } from '../support/command.js'
import { cloneDatabase, redisUrl, type TestDatabase } from '../support/database.js'
import { withClient } from '../support/template.js'

describe('cargoparts db:seed --listings', function () {
  this.timeout(120_000)
  let database: TestDatabase
  let env: Env
  const seed = (count: number, ...flags: string[]) =>
    cargoparts(['db:seed', '--listings', String(count), ...flags], env)
  const ask = async (sql: string) => (await withClient(database.ownerUrl, client => client.query(sql))).rows

  before(async () => {
    database = await cloneDatabase()
    env = operatorEnvironment({
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      DATABASE_OWNER_URL: database.ownerUrl,
    })
  })
  after(() => database?.drop())

  it('fills a market, and says how far it is and how fast it was', async () => {
    const end = await seed(12_000)
    expect(end.code, end.stderr).to.equal(0)
    expect(end.stdout).to.match(/^invented listings: 12,000 added in [\d.]+ s, [\d,]+ a second$/m)
    expect(end.stderr).to.match(/^10,000 of 12,000 listings$|^12,000 of 12,000 listings$/m)
    const [{ listings, fitments, words, numbers }] = await ask(`
      select (select count(*) from listings)::int as listings, (select count(*) from listing_fitments)::int as fitments,
        (select count(*) from search_words)::int as words, (select count(*) from search_numbers)::int as numbers`)
    expect({ listings, fitments }).to.deep.equal({ listings: 12_000, fitments: 12_000 })
    expect(words).to.be.above(10_000)
    expect(numbers).to.be.above(1_000)
  })

  it('leaves every declared index in place', async () => {
    const standing = (await ask("select indexname from pg_indexes where schemaname = 'public'")).map(
      row => row.indexname,
    )
    expect(standing).to.include.members(INDEXES.map(({ name }) => name))
  })

  it('is a market: few words in many titles, many in few', async () => {
    const counts = (
      await ask(`
        select count(*)::int as listings from listings l, unnest(string_to_array(lower(l.title_en), ' ')) word
        group by word order by 1 desc`)
    ).map(row => row.listings)
    expect(counts[0]).to.be.above(3_000)
    expect(counts.filter(count => count <= 3).length).to.be.above(counts.length / 2)
  })

  it('adds what is missing, and nothing that is there', async () => {
    expect(json(await seed(12_000, '--json')).volume.added).to.equal(0)
    expect(json(await seed(12_500, '--json')).volume.added).to.equal(500)
    await ask('delete from listings where seq between 20 and 90')
    expect(json(await seed(12_600, '--json')).volume.added, 'what was deleted stays deleted').to.equal(100)
  })

  it('is not for production or staging', async () => {
    env = { ...env, NODE_ENV: 'staging' }
    const end = await seed(1_000)
    expect(end.code).to.equal(4)
    expect(end.stderr).to.include('not for staging')
  })
})

describe('cargoparts search:refresh', function () {
  this.timeout(60_000)
  let database: TestDatabase
  let env: Env
  const ask = (sql: string) => withClient(database.ownerUrl, client => client.query(sql))

  before(async () => {
    database = await cloneDatabase()
    env = operatorEnvironment({
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl(),
      DATABASE_OWNER_URL: database.ownerUrl,
    })
    await cargoparts(['db:seed', '--demo'], env)
  })
  after(() => database?.drop())

  it('changes nothing where nothing is new', async () => {
    const end = await cargoparts(['search:refresh'], env)
    expect(end).to.include({ code: 0, stdout: '0 listings changed.\n' })
  })

  it('finds listings by words a later release brings', async () => {
    await ask(`insert into synonyms (id, words) values ('new-word', '{فحمات أمامية,سيراميك}')`)
    const end = await cargoparts(['search:refresh', '--json'], env)
    const { rows } = await ask(`select count(*)::int from listings where 'ks:new-word' = any(keys)`)
    expect(json(end).changed).to.equal(rows[0].count).above(0)
    expect(json(await cargoparts(['search:refresh', '--json'], env)).changed).to.equal(0)
  })

  it('brings back keys and words that were lost', async () => {
    await ask(`update listings set keys = '{}' where id = (select id from listings order by id limit 1)`)
    await ask('truncate search_words')
    expect(json(await cargoparts(['search:refresh', '--json'], env)).changed).to.equal(1)
    const { rows } = await ask('select count(*)::int from search_words')
    expect(rows[0].count).to.be.above(100)
  })
})
