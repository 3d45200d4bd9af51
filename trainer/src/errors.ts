/** A fault that the person who started the training can mend: one line that says what, where and what to do. */
export class TrainerError extends Error {
  override readonly name: string = 'TrainerError';
}

/** The data can't be read, or too much of it is malformed. */
export class DataError extends TrainerError {
  override readonly name = 'DataError';
}
