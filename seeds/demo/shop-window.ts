/** Part numbers on the front page: what a visitor is likely to know. */
export const featured: ReadonlySet<string> = new Set([
  '04465-33480',
  '04465-60280',
  'D1060-1LB4A',
  '58101-F2A00',
  '11517597715',
  'FL3Z-8200-SA',
  '81110-0K700',
  '154315',
])

/** Taken off sale for a while by their seller. */
export const paused: ReadonlySet<string> = new Set([
  '81145-33790',
  '36100-2G200',
  'A2053304001',
  '23118117',
  '66400-H5000',
  '10353872',
])

/** Not put on sale yet. */
export const drafts: ReadonlySet<string> = new Set([
  '22693-3TA0A',
  '25310-C1100',
  '12657188',
  '53101-60B20',
  '8202100XST01A',
  'F21',
])
