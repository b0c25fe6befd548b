import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { AppError } from '../../api/platform/errors.js'

const run = promisify(execFile)

/** The commit of a checkout as it stands. Throws where files differ from it: nobody could build it again. */
export async function commitOf(source: string): Promise<string> {
  const git = async (...args: string[]) => (await run('git', args, { cwd: source })).stdout.trim()
  let commit: string
  try {
    commit = await git('rev-parse', 'HEAD')
  } catch (cause) {
    const message = `${source} is no git checkout: name its commit with --commit.`
    throw new AppError('invalid', 'deploy.no_commit', message, {}, { cause })
  }
  const changed = (await git('status', '--porcelain')).split('\n').filter(Boolean)
  if (changed.length === 0) return commit
  const some = changed.slice(0, 5).join('\n')
  const message = `${changed.length} files differ from ${commit.slice(0, 12)}: commit them first.\n${some}`
  throw new AppError('conflict', 'deploy.not_committed', message)
}
