import mocha from 'mocha'

/** mocha's spec reporter, closed by one plain line that a script can read. */
export default class CountingReporter extends mocha.reporters.Spec {
  override epilogue(): void {
    super.epilogue()
    const { passes, failures, pending } = this.stats
    process.stdout.write(
      `\n${passes} passed, ${failures} failed${pending > 0 ? `, ${pending} skipped` : ''}\n`,
    )
  }
}
