import { checkbox, input, select } from '@inquirer/prompts'
import type { Standing } from '../../api/modules/kyc/kyc-checks.js'
import { approval, type Decision, refusal } from './decision.js'

/** Questions go to stderr: stdout is the result's. */
const terminal = { output: process.stderr }

/** Asks an officer who has the file before him. Ctrl-C decides nothing. */
export async function askDecision(
  about: 'case' | 'account',
  standings: readonly Standing[],
  reasons: readonly string[],
): Promise<Decision> {
  const what = await select(
    {
      message: about === 'case' ? 'What becomes of the seller?' : 'What becomes of the change?',
      choices: [
        { name: 'leave it for now', value: 'leave' },
        { name: 'approve', value: 'approve' },
        { name: 'refuse, with reasons', value: 'reject' },
      ] as const,
    },
    terminal,
  )
  if (what === 'leave') return { what }
  return what === 'approve'
    ? approval(await evidenceFor(about, standings))
    : refusal(await reasonsFrom(reasons))
}

async function evidenceFor(about: 'case' | 'account', standings: readonly Standing[]): Promise<object[]> {
  const open = standings.filter(
    ({ kind, verdict }) =>
      verdict !== 'VERIFIED' && verdict !== 'REJECTED' && (about === 'case' || kind === 'BANK_ACCOUNT'),
  )
  const vouched: object[] = []
  for (const { kind, verdict } of open) {
    const evidence = await input(
      { message: `${kind} is ${verdict ?? 'not checked'}. What do you know it by? (empty: you do not)` },
      terminal,
    )
    if (evidence.trim() !== '') vouched.push({ check: kind, evidence })
  }
  return vouched
}

async function reasonsFrom(codes: readonly string[]): Promise<object[]> {
  const chosen = await checkbox(
    { message: 'Why?', choices: codes.map(value => ({ value })), required: true },
    terminal,
  )
  const isOther = chosen.includes('OTHER')
  const more = isOther ? '' : ' (empty: none)'
  const en = await input({ message: `A note in English${more}` }, terminal)
  const ar = en.trim() === '' && !isOther ? '' : await input({ message: 'The same in Arabic' }, terminal)
  const note = en.trim() === '' ? {} : { note: { en, ar } }
  // the note belongs to the reason that needs it, else to the first
  const noted = isOther ? 'OTHER' : chosen[0]
  return chosen.map(code => (code === noted ? { code, ...note } : { code }))
}
