import type { RunFile } from './run-file.js'

export type Account = { role: string; email: string; password: string }

/** What a newcomer needs next: where it runs, who to be, what to try. */
export function banner(run: RunFile, accounts: readonly Account[], dataDir: string | undefined): string {
  // The commands find this run by its folder, which another terminal does not know.
  const prefix = dataDir ? `CARGOPARTS_DATA='${dataDir}' ` : ''
  const width = Math.max(...accounts.map(({ email }) => email.length))
  const rows = accounts.map(
    ({ role, email, password }) => `    ${role.padEnd(8)} ${email.padEnd(width)}  ${password}`,
  )
  return [
    '',
    `  CargoParts is ready   ${run.baseUrl}`,
    `  API documentation     ${run.docsUrl}`,
    ...(run.sandboxUrl ? [`  Payments (sandbox)    ${run.sandboxUrl}`] : []),
    ...(run.sandboxUrl ? [`  E-mail and SMS        ${run.sandboxUrl}/messages`] : []),
    '',
    ...(accounts.length > 0 ? ['  Demo accounts', ...rows, ...openDoor(run), ''] : []),
    '  Try next, in another terminal',
    `    ${prefix}npx cargoparts demo:order         an order from search to tax invoice`,
    `    ${prefix}npx cargoparts webhooks:list      what the payment provider sent`,
    `    ${prefix}npx cargoparts invoices:export    tax invoices as CSV`,
    '',
    '  Ctrl-C stops everything in order.',
    '',
  ].join('\n')
}

function openDoor({ env }: RunFile): string[] {
  const host = env.HOST ?? ''
  if (/^(127\.|::1$|localhost$)/.test(host)) return []
  return [
    '',
    `  WARNING: HOST=${host} lets other machines in, and the password above is public: whoever`,
    '  reaches this address can sign in as admin. Leave HOST unset to serve this machine only.',
  ]
}
