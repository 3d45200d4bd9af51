/** A failure that a person can act on: `message` says what was wrong and where, `hint` what to do about it. */
export class RehearsalError extends Error {
  override readonly name = 'RehearsalError';

  constructor(
    message: string,
    readonly hint?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
