import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import type { Client as PgClient } from 'pg'

const ITERATIONS = 4096 // PostgreSQL's own number

/**
 * A role that signs in and may do nothing else. PostgreSQL keeps the statements it runs (in its statistics, and
 * in its log when one fails), so the password goes there as what it would be stored as, and not as itself.
 */
export async function ensureRole(client: PgClient, name: string, password: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name])
  const verb = rowCount === 0 ? 'create' : 'alter'
  const verifier = client.escapeLiteral(scramVerifier(password))
  await client.query('set pg_stat_statements.track_utility = off')
  await client.query(`${verb} role ${name} login nosuperuser nocreatedb nocreaterole password ${verifier}`)
  await client.query('reset pg_stat_statements.track_utility')
}

/** Starts before this one sent passwords as they are. */
export async function forgetPasswords(client: PgClient): Promise<void> {
  await client.query(
    `select pg_stat_statements_reset()
     where exists (select from pg_stat_statements where query ~* '(create|alter) role .* password')`,
  )
}

/** RFC 5803, for an ASCII password (which SASLprep leaves as it is). */
function scramVerifier(password: string, salt = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, ITERATIONS, 32, 'sha256')
  const keyOf = (name: string) => createHmac('sha256', salted).update(name).digest()
  const stored = createHash('sha256').update(keyOf('Client Key')).digest()
  const text = (bytes: Buffer) => bytes.toString('base64')
  return `SCRAM-SHA-256$${ITERATIONS}:${text(salt)}$${text(stored)}:${text(keyOf('Server Key'))}`
}
