import type { LogFields, Logger } from '../../api/platform/logger.js'

export type LogLine = { level: string; event: string; fields: LogFields }

/** Keeps what was logged, for a test to look at. */
export function recordingLogger(): Logger & { lines: LogLine[]; of(event: string): LogLine[] } {
  const lines: LogLine[] = []
  const write =
    (level: string) =>
    (event: string, fields: LogFields = {}) =>
      void lines.push({ level, event, fields })
  return {
    lines,
    of: event => lines.filter(line => line.event === event),
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  }
}
