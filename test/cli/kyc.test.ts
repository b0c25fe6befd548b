import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { useScratch } from '../embedded/scratch.js'
import { atTerminal, cargoparts, envelope, json, operatorEnvironment } from '../support/command.js'
import { useContext } from '../support/context.js'
import { aFirm, NATIONAL_ID, PDF, verifying } from '../support/verifying.js'

describe('kyc: at a desk', () => {
  const t = useContext()
  const v = verifying(t)
  const scratch = useScratch()
  const as = (person: string, ...args: string[]) =>
    cargoparts(args, operatorEnvironment({ ...t.env, CARGOPARTS_OPERATOR: person }))
  const firm = { ...aFirm(), crNumber: '1010777799' }

  it('a seller is entered, and nothing that the API would refuse', async () => {
    const email = 'desk@example.sa'
    await as('huda', 'users:create', email, '--name', 'نورة السالم', '--role', 'buyer')
    const who = ['--holder', 'نورة السالم', '--national-id', '١٠٥٨٥٢٩٩٤٠']
    const where = ['--city', 'الرياض', '--address', '2929 شارع الريل، المنصورة، الرياض 12611، RRRD2929']
    const names = ['--trade-name', firm.tradeName, '--legal-name', firm.legalName, '--cr', firm.crNumber]
    const entered = await as('huda', 'kyc:apply', email, ...names, ...who, ...where)
    expect(entered.code, entered.stderr).to.equal(0)
    expect(entered.stdout).to.include('is DRAFT').and.include('missing: bankAccount')
    const wrong = await as('huda', 'kyc:apply', email, '--national-id', '1111111111', '--json')
    expect(wrong.code).to.equal(5)
    expect(envelope(wrong).details.errors).to.deep.equal([
      { pointer: '#/nationalId', detail: 'has a wrong check digit: one of its digits is mistyped' },
    ])
  })

  it('the papers are put beside him, and it is handed in', async () => {
    const endless = await as(
      'huda',
      'kyc:document',
      firm.crNumber,
      'NATIONAL_ID',
      '/dev/zero',
      '--number',
      NATIONAL_ID,
      '--issued',
      '1445-02-10',
      '--ends',
      '1455-02-10',
    )
    expect(endless.code).to.equal(5)
    expect(endless.stderr).to.include('/dev/zero is no file')
    await as('huda', 'kyc:account', firm.crNumber, '--iban', firm.iban, '--holder', firm.legalName)
    const papers = { COMMERCIAL_REGISTRATION: firm.crNumber, NATIONAL_ID, BANK_LETTER: firm.iban }
    for (const [kind, number] of Object.entries(papers)) {
      const file = scratch.path(`${kind}.pdf`)
      writeFileSync(file, Buffer.concat([PDF, Buffer.from(kind)]))
      const ends = kind === 'NATIONAL_ID' ? ['--ends', '1455-02-10'] : []
      const done = await as(
        'huda',
        'kyc:document',
        firm.crNumber,
        kind,
        file,
        '--number',
        number,
        '--issued',
        '1445-02-10',
        ...ends,
      )
      expect(done.code, done.stderr).to.equal(0)
      expect(done.stdout).to.include('issued 2023-08-26 (1445-02-10)')
    }
    const handedIn = await as('huda', 'kyc:submit', firm.crNumber, '--consent', '2026-01')
    expect(handedIn.stdout).to.include('is SUBMITTED')
    await t.settle()
  })

  it('another person decides, by what is proven', async () => {
    const own = await as(
      'huda',
      'kyc:review',
      firm.crNumber,
      '--approve',
      '--vouch',
      'NATIONAL_ID=seen',
      '--json',
    )
    expect(own.code).to.equal(6)
    expect(envelope(own).code).to.equal('kyc.own_change')
    const other = ['kyc:review', firm.crNumber, '--take-over', '--approve']
    const unproven = await as('majed', ...other)
    expect(unproven.code).to.equal(4)
    expect(unproven.stderr).to.include('NATIONAL_ID FORMAT_ONLY')
    const decided = await as('majed', ...other, '--vouch', 'NATIONAL_ID=original seen')
    expect(decided.code, decided.stderr).to.equal(0)
    expect(decided.stdout).to.include('the seller is APPROVED')
    const approved = await t.owner('audit_log').where({ action: 'seller_onboarded' }).pluck('actor_name')
    expect(approved).to.deep.equal(['majed'])
  })

  it('a change of the account wants another person too', async () => {
    const { crNumber } = firm
    const { iban } = aFirm()
    const asked = await as('majed', 'kyc:account', crNumber, '--iban', iban, '--holder', 'x')
    expect(asked.stdout).to.include('Another person must allow it.')
    await t.settle()
    const alone = await as('majed', 'kyc:review', crNumber, '--account', '--approve')
    expect(alone.code).to.equal(6)
    const both = await as('huda', 'kyc:review', crNumber, '--account', '--approve')
    expect(both.code, both.stderr).to.equal(0)
    expect(await t.owner('bank_accounts').where({ status: 'ACTIVE' }).pluck('decided_by')).to.deep.equal([
      'operator:huda',
    ])
  })

  it('kyc:validate exits 5 where a check fails, with the verdicts as a document', async () => {
    const { firm: fine, sellerId } = await v.quick('buyer:cli')
    const good = await as('huda', 'kyc:validate', fine.crNumber, '--json')
    expect(good.code).to.equal(0)
    expect(json(good)).to.deep.include({ sellerId, failed: [], missing: [] })
    t.sandbox.control.firms.set(fine.crNumber, { status: 'cancelled' })
    const bad = await as('huda', 'kyc:validate', fine.crNumber)
    expect(bad.code).to.equal(5)
    expect(bad.stdout).to.match(/^COMMERCIAL_REGISTRATION\tREJECTED\twathq/m)
    expect((await as('huda', 'kyc:validate', '1010000000')).code).to.equal(3)
  })

  it('kyc:show and kyc:list say what officers see; links open', async () => {
    const { firm: one, caseId } = await v.quick('buyer:shown')
    const shown = json(await as('huda', 'kyc:show', one.crNumber, '--links', '--json'))
    expect(shown.profile.nationalId).to.equal(NATIONAL_ID)
    expect(shown.documents[0].issuedOn).to.have.keys('gregorian', 'hijri')
    expect(shown.links).to.have.length(4)
    expect((await t.get(shown.links[0].url.slice(t.baseUrl.length))).status).to.equal(200)
    const { cases } = json(await as('huda', 'kyc:list', '--json'))
    expect(cases.map(({ id }: { id: string }) => id)).to.include(caseId)
    const { sellers } = json(await as('huda', 'kyc:list', '--status', 'APPROVED', '--limit', '٢٠', '--json'))
    expect(sellers.map(({ crNumber }: { crNumber: string }) => crNumber)).to.include(firm.crNumber)
  })

  it('kyc:review asks at a terminal, and decides nothing when it is left', async () => {
    const { firm: one, caseId } = await v.quick('buyer:asked')
    const env = operatorEnvironment({ ...t.env, CARGOPARTS_OPERATOR: 'huda' })
    const left = await atTerminal(['kyc:review', one.crNumber], env, /leave it for now/, '\r')
    expect(left.code, left.stdout).to.equal(0)
    expect(left.stdout).to.include(NATIONAL_ID).and.include('/api/v1/files/').and.include('Left as it is.')
    const broken = await atTerminal(['kyc:review', one.crNumber], env, /leave it for now/, '\u0003')
    expect(broken.code).to.equal(130)
    expect((await t.owner('kyc_cases').where({ id: caseId }).first('status')).status).to.equal('SUBMITTED')
    const unasked = await as('huda', 'kyc:review', one.crNumber)
    expect(unasked.code).to.equal(5)
    expect(unasked.stderr).to.include('--approve or --reject')
  })

  it('kyc:review refuses with a reason in both languages', async () => {
    const { firm: one } = await v.quick('buyer:no')
    const half = await as('huda', 'kyc:review', one.crNumber, '--reject', 'OTHER', '--note-en', 'x')
    expect(half.code).to.equal(5)
    const notes = ['--note-en', 'Call us.', '--note-ar', 'اتصل بنا.']
    const done = await as('huda', 'kyc:review', one.crNumber, '--reject', 'NAME_MISMATCH', ...notes, '--json')
    expect(json(done).case.reasons[0].text.ar).to.include('اتصل بنا.')
    expect(json(done).status).to.equal('REJECTED')
  })

  it('kyc:expire --dry-run says whose, and changes nothing', async () => {
    await t.owner('sellers').where({ cr_number: firm.crNumber }).update({ verified_until: '2026-01-01' })
    const dry = await as('huda', 'kyc:expire', '--dry-run', '--json')
    expect(json(dry)).to.deep.include({ dryRun: true, expired: 0 })
    expect(json(dry).due.map(({ crNumber }: { crNumber: string }) => crNumber)).to.deep.equal([firm.crNumber])
    const status = async () =>
      (await t.owner('sellers').where({ cr_number: firm.crNumber }).first('status')).status
    expect(await status()).to.equal('APPROVED')
    expect((await as('huda', 'kyc:expire')).stdout).to.include('1 expired.')
    expect(await status()).to.equal('EXPIRED')
  })

  it('kyc:suspend takes a seller off the market once his number was typed; kyc:reinstate undoes it', async () => {
    const { firm: one, sellerId } = await v.selling('buyer:cheats')
    const state = async () => (await t.owner('sellers').where({ id: sellerId }).first('status')).status
    const why = ['--reason', 'counterfeit parts']
    const unconfirmed = await as('huda', 'kyc:suspend', one.crNumber, ...why)
    expect(unconfirmed.code).to.equal(5)
    expect(unconfirmed.stderr).to.include(`--confirm ${one.crNumber}`)
    expect(json(await as('huda', 'kyc:suspend', one.crNumber, ...why, '--dry-run', '--json'))).to.include({
      status: 'APPROVED',
      dryRun: true,
    })
    expect(await state()).to.equal('APPROVED')
    const done = await as('huda', 'kyc:suspend', one.crNumber, ...why, '--confirm', one.crNumber)
    expect(done.code, done.stderr).to.equal(0)
    expect(done.stdout).to.include('is SUSPENDED. Undo: cargoparts kyc:reinstate')
    expect(await state()).to.equal('SUSPENDED')
    const undone = await as('majed', 'kyc:reinstate', one.crNumber, ...why)
    expect(undone.stdout).to.include('is APPROVED.')
    expect(await state()).to.equal('APPROVED')
    const audited = await t
      .owner('audit_log')
      .where({ object_id: sellerId })
      .whereIn('action', ['seller_suspended', 'seller_reinstated'])
      .orderBy('id')
    expect(audited.map(row => [row.actor_name, row.details.reason])).to.deep.equal([
      ['huda', 'counterfeit parts'],
      ['majed', 'counterfeit parts'],
    ])
  })

  it('an operator has a name that can be read', async () => {
    const end = await as('a b\u202e', 'kyc:list', '--json')
    expect(envelope(end).code).to.equal('cli.bad_operator')
  })
})
