import * as Flags from '@oclif/core/flags'
import { AppError } from '../../api/platform/errors.js'
import { BaseCommand } from '../base-command.js'

type Report = { status: string; checks: Record<string, boolean | string> }

export default class Health extends BaseCommand {
  static override summary = 'Ask the running API whether it is well. Exit 7 when it is not.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --url https://api.example.sa --json',
  ]
  static override flags = {
    url: Flags.string({ helpValue: 'URL', summary: "The API's address; the running system's by default." }),
  }

  async run(): Promise<Report> {
    const { flags } = await this.parse(Health)
    const base = await this.baseUrl(flags.url)
    const report = await ask(`${base}/api/health`)
    const lines = Object.entries(report.checks).map(
      ([name, value]) => `  ${name}: ${value === true ? 'ok' : value === false ? 'DOWN' : value}`,
    )
    if (report.status !== 'healthy') {
      throw new AppError(
        'unavailable',
        'health.unhealthy',
        `${base} is ${report.status}.\n${lines.join('\n')}`,
        { checks: report.checks },
      )
    }
    this.log(`${base} is healthy.\n${lines.join('\n')}`)
    return report
  }
}

async function ask(url: string): Promise<Report> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) })
    const report: unknown = await response.json()
    if (isReport(report)) return report
  } catch (cause) {
    throw new AppError('unavailable', 'health.no_answer', `${url} does not answer.`, { url }, { cause })
  }
  throw new AppError('unavailable', 'health.no_answer', `${url} answers, but not as CargoParts does.`, {
    url,
  })
}

function isReport(value: unknown): value is Report {
  const report = value as Partial<Report> | null
  return typeof report?.status === 'string' && typeof report.checks === 'object' && report.checks !== null
}
