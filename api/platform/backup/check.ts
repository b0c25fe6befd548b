/** One thing that has to be so in a sound database. `detail` says what was found, good or bad. */
export type Check = { name: string; isGood: boolean; detail: string }
