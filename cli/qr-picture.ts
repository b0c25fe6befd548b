import { create } from 'qrcode'

/** Light around it, as wide as the standard asks: scanners find no code without. */
const QUIET = 4
// two rows of modules a line of text: a letter is twice as high as wide
const BLOCKS = { '00': ' ', '10': '▀', '01': '▄', '11': '█' } as const
const [DARK_ON_LIGHT, PLAIN] = ['\u001b[30;107m', '\u001b[0m']

/**
 * The code as text, dark on light whatever the terminal's colours are. Without a terminal the letters alone: dark modules
 * are the full blocks.
 */
export function qrPicture(text: string, isTerminal: boolean): string {
  const { modules } = create(text, { errorCorrectionLevel: 'L' })
  const isDark = (row: number, column: number): '0' | '1' =>
    row >= 0 && column >= 0 && row < modules.size && column < modules.size && modules.get(row, column)
      ? '1'
      : '0'
  const lines: string[] = []
  for (let row = -QUIET; row < modules.size + QUIET; row += 2) {
    let line = ''
    for (let column = -QUIET; column < modules.size + QUIET; column++)
      line += BLOCKS[`${isDark(row, column)}${isDark(row + 1, column)}`]
    lines.push(isTerminal ? `${DARK_ON_LIGHT}${line}${PLAIN}` : line)
  }
  return lines.join('\n')
}
