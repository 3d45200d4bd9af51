import { RegistryError } from './errors';

export interface StoredObject {
  readonly body: Buffer;
  /** Opaque; hand it back in `ifMatch`. */
  readonly etag: string;
}

/** An object's bytes in pieces. It must be read, once; to stop early is to free it. It fails like the store's methods. */
export type ObjectBytes = AsyncIterable<Uint8Array>;

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

  /**
   * The same by one request that carries no body when the object still is what it was.
   *
   * @param etag of the object as it was last read or written
   */
  getIfChanged(key: string, etag: string): Promise<StoredObject | 'unchanged' | undefined>;

  /** An object piece by piece, for one that is large; `undefined` when there is none. */
  stream(key: string): Promise<ObjectBytes | undefined>;

  /** The file that holds an object, for programs that read files; `undefined` for a store that is not on this machine. */
  localPath(key: string): string | undefined;

  /** @throws PreconditionFailed when the condition doesn't hold; the object is then untouched */
  put(key: string, body: Buffer, condition: WriteCondition): Promise<WrittenObject>;

  /** The keys below a prefix, which ends with `/`, in no particular order. */
  list(prefix: string): AsyncIterable<string>;
}

/** Longest silence in the middle of a stream. */
const STALLED_MS = 20_000;

/** The pieces of a stream, whose failures are told as the store tells its own, and which doesn't wait forever. */
export async function* checkedStream(
  stream: AsyncIterable<Uint8Array>,
  explain: (error: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  const pieces = stream[Symbol.asyncIterator]();
  let timer: NodeJS.Timeout | undefined;
  try {
    for (;;) {
      const silence = new Promise<never>((_, reject) => {
        const stalled = new Error(`nothing came for ${STALLED_MS / 1000} seconds`);
        timer = setTimeout(() => reject(stalled), STALLED_MS);
      });
      const piece = await Promise.race([pieces.next(), silence]);
      clearTimeout(timer);
      if (piece.done) return;
      yield piece.value;
    }
  } catch (error) {
    throw explain(error);
  } finally {
    clearTimeout(timer);
    // Not awaited: what is silent now would be silent about this too.
    void pieces.return?.().catch(() => undefined);
  }
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
