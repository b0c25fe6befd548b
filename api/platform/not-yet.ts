/** Thrown by a handler that has done nothing and can do nothing now: it is called again later, and no try is counted. */
export class NotYet extends Error {
  override name = 'NotYet'

  constructor(
    reason: string,
    readonly againMs: number,
    options?: ErrorOptions,
  ) {
    super(reason, options)
  }
}
