import { spawn } from 'node:child_process'
import { userInfo } from 'node:os'
import { expect } from 'chai'
import { codeAt } from '../../api/modules/second-factor/totp.js'
import {
  atTerminal,
  BIN,
  bareEnvironment,
  cargoparts,
  type Ended,
  ended,
  envelope,
  json,
} from '../support/command.js'
import { useContext } from '../support/context.js'
import { inboxOf } from '../support/mail.js'

const REASON = ['--reason', 'chargeback fraud']
const ME = userInfo().username

describe('cargoparts users and sessions', function () {
  this.timeout(60_000)
  const t = useContext()
  const run = (...args: string[]): Promise<Ended> => cargoparts(args, bareEnvironment(t.env))
  const piped = (input: string, ...args: string[]): Promise<Ended> => {
    const child = spawn(process.execPath, [BIN, ...args], { env: bareEnvironment(t.env) })
    child.stdin.end(input)
    return ended(child)
  }
  const rows = (id: string) =>
    t
      .owner('audit_log')
      .where({ user_id: id, actor_kind: 'operator' })
      .orderBy('id')
      .select('action', 'actor_name')
  const actions = async (id: string) => {
    const found = await rows(id)
    for (const { actor_name } of found) expect(actor_name).to.equal(ME)
    return found.map(({ action }) => action)
  }

  it('create: opens an account and sends the link, in the name of the operator', async () => {
    const end = await run('users:create', 'Noura@Example.SA', '--name', 'نورة', '--role', 'officer')
    expect({ code: end.code, stderr: end.stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(end.stdout).to.match(/^Account noura@example\.sa \(officer\) is open: [0-9a-f-]{36}\n.*three days/)
    const { id } = await t.owner('users').where({ email: 'noura@example.sa' }).first('id')
    expect((await inboxOf(t, 'noura@example.sa')).reset).to.be.a('string')
    expect(await actions(id)).to.deep.equal(['user_created'])
    const again = await run('users:create', 'noura@example.sa', '--name', 'x', '--role', 'admin', '--json')
    expect(again.code).to.equal(4)
    expect(envelope(again)).to.include({ kind: 'conflict', code: 'auth.email_taken' })
  })

  it('create: takes a password from a pipe or a terminal, never from a flag, and never shows it', async () => {
    const [email, password] = ['piped@example.sa', 'blue-camels-2026']
    const create = ['users:create', email, '--name', 'P', '--role', 'admin', '--set-password']
    for (const [input, code] of [
      ['', 'cli.no_password'],
      ['short\n', 'request.invalid'],
      ['password123\n', 'request.invalid'],
    ] as const) {
      const end = await piped(input, ...create, '--json')
      expect(end.code, end.stdout).to.equal(5)
      expect(envelope(end).code).to.equal(code)
    }
    const end = await piped(`${password}\n`, ...create)
    expect(end.code, end.stderr).to.equal(0)
    expect(end.stdout + end.stderr).to.not.include(password)
    expect((await t.post('/api/v1/auth/login', { body: { email, password } })).status).to.equal(200)
    expect((await run('users:create', 'x@example.sa', '--password', 'x')).code).to.equal(2)
    const interrupted = await atTerminal(
      ['users:create', 'x@example.sa', '--name', 'X', '--role', 'admin', '--set-password'],
      bareEnvironment(t.env),
      /Password:/,
      '\u0003',
    )
    expect(interrupted.code, interrupted.stdout).to.equal(130)
    expect(await t.owner('users').where({ email: 'x@example.sa' })).to.be.empty
  })

  it('create: refuses a seller, an address that is none, and a name that steers a terminal', async () => {
    expect((await run('users:create', 'a@example.sa', '--name', 'A', '--role', 'seller')).code).to.equal(2)
    for (const [email, name] of [
      ['nobody', 'A'],
      ['a@b', 'A'],
      ['a@example.sa', '\u202egnp'],
    ] as const) {
      const end = await run('users:create', email, '--name', name, '--role', 'buyer', '--json')
      expect(end.code, end.stdout).to.equal(5)
    }
  })

  it('show: by address and by id, in words and as a document', async () => {
    const { id, email } = await t.accounts.account('buyer:shown')
    const [text, byId] = [
      await run('users:show', email.toUpperCase()),
      json(await run('users:show', id, '--json')),
    ]
    expect({ code: text.code, stderr: text.stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(text.stdout)
      .to.match(new RegExp(`^id {12}${id}$`, 'm'))
      .and.match(/^role {10}buyer$/m)
      .and.match(/^signed in {5}on 1 device\(s\)$/m)
    expect(byId).to.include({ id, email, status: 'ACTIVE', activeSessions: 1 })
    expect(await actions(id)).to.deep.equal(['user_viewed', 'user_viewed'])
  })

  it('all: an unknown account exits 3, what is none 5, and a reason is wanted', async () => {
    for (const command of [
      ['users:show'],
      ['users:block', ...REASON, '--confirm', 'nobody@example.sa'],
      ['users:unblock', ...REASON],
      ['sessions:list'],
      ['sessions:revoke', ...REASON, '--confirm', 'nobody@example.sa'],
      ['users:roles', '--set', 'admin', ...REASON, '--confirm', 'nobody@example.sa'],
    ]) {
      const [name = '', ...flags] = command
      const unknown = await run(name, 'nobody@example.sa', ...flags, '--json')
      expect(unknown.code, command.join(' ')).to.equal(3)
      expect(envelope(unknown).code).to.equal('users.not_found')
    }
    const bad = await run('users:show', "' or true --", '--json')
    expect([bad.code, envelope(bad).code]).to.deep.equal([5, 'cli.bad_user'])
    expect((await run('users:block', 'nobody@example.sa')).code).to.equal(2)
    const short = await run('users:block', 'nobody@example.sa', '--reason', ' x ', '--json')
    expect([short.code, envelope(short).code]).to.deep.equal([5, 'cli.bad_reason'])
  })

  it('block and unblock: after the name is typed, safe to repeat, in force at once', async () => {
    const { id, email, token } = await t.accounts.account('buyer:blocked')
    const me = async () => (await t.get('/api/v1/auth/me', { token })).status
    const unconfirmed = await run('users:block', email, ...REASON)
    expect(unconfirmed.code).to.equal(5)
    expect(unconfirmed.stderr).to.include(`--confirm ${email}`)
    const refused = await atTerminal(
      ['users:block', email, ...REASON],
      bareEnvironment(t.env),
      /to go on:/,
      'no\r',
    )
    expect(refused.code).to.equal(5)
    expect(await me()).to.equal(200)

    const typed = await atTerminal(
      ['users:block', email, ...REASON],
      bareEnvironment(t.env),
      /to go on:/,
      `${email}\r`,
    )
    expect(typed.code, typed.stdout).to.equal(0)
    expect(await me()).to.equal(401)
    const again = json(await run('users:block', email, '--reason', 'other', '--confirm', email, '--json'))
    expect(again).to.include({ status: 'BLOCKED', blockedReason: 'chargeback fraud' })
    const back = await run('users:unblock', email, '--reason', 'settled')
    expect(back).to.deep.equal({ code: 0, stdout: `${email} can sign in again.\n`, stderr: '' })
    expect((await run('users:unblock', email, '--reason', 'settled')).code).to.equal(0)
    expect(await actions(id)).to.deep.equal(['user_blocked', 'sessions_revoked', 'user_unblocked'])
  })

  it('roles: lists staff, gives a role, and keeps the last admin', async () => {
    const [{ email: admin }, { id, email }] = [
      await t.accounts.account('admin'),
      await t.accounts.account('officer:moving'),
    ]
    await t.owner('users').where({ role: 'admin' }).whereNot({ email: admin }).update({ role: 'buyer' })
    const list = await run('users:roles')
    expect(list.stdout.split('\n')[0]).to.equal('role\te-mail\tname\tstate\tsince')
    expect(list.stdout).to.include(`officer\t${email}\t`).and.include(`admin\t${admin}\t`)
    expect((await t.owner('audit_log').where({ action: 'staff_listed' }).first()).actor_name).to.equal(ME)

    const give = (who: string, role: string) =>
      run('users:roles', who, '--set', role, '--reason', 'moved', '--confirm', who, '--json')
    expect(json(await give(email, 'finance'))).to.deep.equal({ id, email, role: 'finance' })
    expect(await actions(id)).to.deep.equal(['role_changed', 'sessions_revoked'])
    expect((await run('users:roles', email)).stdout).to.equal(`${email} is finance.\n`)
    const last = await give(admin, 'buyer')
    expect([last.code, envelope(last).code]).to.deep.equal([4, 'users.last_admin'])
    expect((await give(email, 'seller')).code).to.equal(4)
    expect((await run('users:roles', email, '--set', 'admin')).code).to.equal(2)
    expect((await run('users:roles', '--set', 'admin', ...REASON)).code).to.equal(2)
    expect((await run('users:roles', email, '--set', 'admin', ...REASON)).code).to.equal(5)
  })

  it('sessions: are listed and ended, one by one or all', async () => {
    const { id, email, token, actor } = await t.accounts.account('buyer:devices')
    const headers = { 'user-agent': 'a tablet\u202e of hers' }
    await t
      .post('/api/v1/auth/login', { body: { email, password: 'a-password-for-tests' }, headers })
      .catch(() => {})
    await t.post('/api/v1/auth/login', { body: { email, password: 'a-password-for-tests' } })
    const list = json(await run('sessions:list', email, '--json'))
    expect(list.userId).to.equal(id)
    expect(list.sessions.map((session: { id: string }) => session.id)).to.include(actor.sessionId)
    expect((await run('sessions:list', email)).stdout.split('\n')[0]).to.equal(
      'id\taddress\tdevice\tsince\tlast used',
    )
    const one = await run('sessions:revoke', email, actor.sessionId as string, ...REASON)
    expect(one).to.deep.equal({ code: 0, stdout: '1 session(s) ended.\n', stderr: '' })
    expect((await t.get('/api/v1/auth/me', { token })).status).to.equal(401)
    expect((await run('sessions:revoke', email, ...REASON)).code).to.equal(5)
    const all = json(await run('sessions:revoke', email, ...REASON, '--confirm', email, '--json'))
    expect(all.ended).to.equal(list.sessions.length - 1)
    const none = await run('sessions:revoke', email, ...REASON, '--confirm', email)
    expect(none).to.deep.equal({ code: 0, stdout: 'Nothing to end.\n', stderr: '' })
    expect((await run('sessions:list', email)).stdout).to.equal(`${email} is signed in nowhere.\n`)
    const foreign = await run('sessions:revoke', email, id, ...REASON, '--json')
    expect([foreign.code, envelope(foreign).code]).to.deep.equal([3, 'sessions.not_found'])
    const expected = ['user_viewed', 'user_viewed', 'session_revoked', 'sessions_revoked', 'user_viewed']
    expect(await actions(id)).to.deep.equal(expected)
  })
})

describe('cargoparts demo:code', () => {
  const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const STEP_MS = 30_000
  const around = (steps: number) =>
    [0, 1].map(more => codeAt(SECRET, new Date(Date.now() + (steps + more) * STEP_MS)))

  it('shows the code an app would, now or in the next 30 seconds', async () => {
    for (const [flags, steps] of [
      [[], 0],
      [['--next'], 1],
    ] as const) {
      const possible = around(steps) // the step may end while the command starts
      const { code, stdout, stderr } = await cargoparts(['demo:code', ...flags, SECRET.toLowerCase()])
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
      expect(possible).to.include(stdout.trimEnd())
    }
    expect(json(await cargoparts(['demo:code', SECRET, '--json']))).to.have.keys('code', 'secondsLeft')
  })

  it('refuses what is no secret, and anywhere but in development', async () => {
    expect((await cargoparts(['demo:code', 'nonsense!'])).code).to.equal(5)
    for (const NODE_ENV of ['production', 'staging']) {
      const end = await cargoparts(['demo:code', SECRET, '--json'], bareEnvironment({ NODE_ENV }))
      expect([end.code, envelope(end).code]).to.deep.equal([6, 'demo.not_here'])
    }
  })
})
