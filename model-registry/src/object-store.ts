import { RegistryError } from './errors';

export interface StoredObject {
  readonly body: Buffer;
  /** Opaque; hand it back in `ifMatch`. */
  readonly etag: string;
}

export type WrittenObject = Pick<StoredObject, 'etag'>;

/** What must hold for a write to happen: the object is as it was read, or there is none. */
export type WriteCondition = { readonly ifMatch: string } | { readonly ifNoneMatch: '*' };

/**
 * Named blobs with atomic, conditional writes. A reader sees an object whole or not at all. Every write carries a
 * condition, so nothing is ever overwritten blindly; nothing is deleted.
 *
 * Keys are segments joined by `/`; a segment is letters, digits, `.`, `_` and `-`, and doesn't begin with a dot.
 * Every method throws {@link RegistryError} `INVALID_ARGUMENT` for another key, `STORE_NOT_FOUND` and
 * `STORE_UNAVAILABLE`.
 */
export interface ObjectStore {
  /** Where the store is, for messages. */
  readonly url: string;

  get(key: string): Promise<StoredObject | undefined>;

  /** @throws PreconditionFailed when the condition doesn't hold; the object is then untouched */
  put(key: string, body: Buffer, condition: WriteCondition): Promise<WrittenObject>;

  /** The keys below a prefix, which ends with `/`, in no particular order. */
  list(prefix: string): AsyncIterable<string>;
}

const SEGMENT = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/** Refuses a key that could leave the store or hide in it. */
export function checkKey(key: string): void {
  if (!key.split('/').every((segment) => SEGMENT.test(segment))) throw invalid(`"${key}" is not a key`);
}

/** The same for a prefix. */
export function checkPrefix(prefix: string): void {
  const segments = prefix.split('/');
  const last = segments.pop();
  const valid = last === '' && segments.length > 0 && segments.every((segment) => SEGMENT.test(segment));
  if (!valid) throw invalid(`"${prefix}" is not a prefix, which ends with "/"`);
}

function invalid(message: string): RegistryError {
  return new RegistryError(
    'INVALID_ARGUMENT',
    message,
    'Use segments of letters, digits, ".", "_" and "-" joined by "/"; none may begin with ".".',
  );
}
