import type { Channel } from './manifest';

/**
 * What went wrong, for programs:
 * - `INVALID_ARGUMENT` a name, URL, manifest or file that was handed in is not acceptable; nothing was written
 * - `STORE_NOT_FOUND` the directory, bucket or container does not exist
 * - `STORE_UNAVAILABLE` the store can't be read or written: permission, network, disk, lock
 * - `VERSION_NOT_FOUND`, `CHANNEL_NOT_FOUND`
 * - `AMBIGUOUS_VERSION` a version prefix that fits several versions
 * - `NO_PREVIOUS` a rollback of a channel that was promoted only once
 * - `CONFLICT` someone else promoted first ({@link ConflictError})
 * - `IMMUTABLE` a version or run exists with other bytes
 * - `CORRUPT` stored bytes don't match their checksum or their schema
 * - `PRECONDITION_FAILED` a conditional write lost; only {@link PreconditionFailed}, from an object store
 */
export type RegistryErrorCode =
  | 'INVALID_ARGUMENT'
  | 'STORE_NOT_FOUND'
  | 'STORE_UNAVAILABLE'
  | 'VERSION_NOT_FOUND'
  | 'CHANNEL_NOT_FOUND'
  | 'AMBIGUOUS_VERSION'
  | 'NO_PREVIOUS'
  | 'CONFLICT'
  | 'IMMUTABLE'
  | 'CORRUPT'
  | 'PRECONDITION_FAILED';

/** Every failure of this package. `message` is one line; `hint` says what to do about it. */
export class RegistryError extends Error {
  override readonly name: string = 'RegistryError';

  constructor(
    readonly code: RegistryErrorCode,
    message: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The object changed, appeared or vanished between a read and the conditional write that followed it. */
export class PreconditionFailed extends RegistryError {
  override readonly name = 'PreconditionFailed';

  constructor(url: string, options?: ErrorOptions) {
    super('PRECONDITION_FAILED', `${url} was changed by someone else`, 'Read it again and decide anew.', options);
  }
}

/** A promotion or rollback that someone else's overtook. The channel is as the other left it. */
export class ConflictError extends RegistryError {
  override readonly name = 'ConflictError';

  constructor(
    readonly channel: string,
    /** The version that was not promoted. */
    readonly attempted: string,
    /** What the channel is at now. */
    readonly current: Channel | undefined,
  ) {
    const now = current
      ? `at ${shortVersion(current.version)}, promoted by ${current.promotedBy} at ${current.promotedAt}`
      : 'empty';
    super(
      'CONFLICT',
      `channel "${channel}" was not moved to ${shortVersion(attempted)}: someone else's change came first, and it is ${now}`,
      `Look at the channel, and repeat if ${shortVersion(attempted)} is still wanted.`,
    );
  }
}

/** The first 12 digits of a version, for messages. */
export function shortVersion(version: string): string {
  return version.slice(0, 12);
}
