import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Sha256 } from '@cdktf-recommender/model-registry';
import { z } from 'zod';
import type { Principal } from './principal';
import { SCOPES } from './scopes';

/** `rk_<id>_<secret>`: scanners for leaked secrets find the prefix, and its owner finds by the id which key leaked. */
const PREFIX = 'rk_';
const KEY = /^rk_([a-z0-9][a-z0-9-]{0,62})_([\w-]{43})$/;
const SECRET_BYTES = 32;
/** Keys of a file at most. */
export const MAX_API_KEYS = 10_000;

const scopes = `must be a list of scopes, at least one of ${SCOPES.join(', ')}`;

/** What is stored of a key: a line of the file that `apiKeysFile` names. */
export const ApiKeyRecord = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 lowercase letters, digits and hyphens'),
  /**
   * Of the whole key, in hex. A slow hash such as bcrypt is for passwords, which people choose and others guess; nobody
   * guesses 256 random bits, and a slow hash for each request would be a gift to whoever wants the server busy.
   */
  sha256: Sha256,
  scopes: z.array(z.enum(SCOPES, { error: scopes }), { error: scopes }).min(1, scopes),
  /** When it stops working; without it, never. */
  expires: z.iso.datetime({ offset: true, error: 'must be a time such as 2027-01-31T00:00:00Z' }).optional(),
});
export type ApiKeyRecord = z.infer<typeof ApiKeyRecord>;

/** An API key that can't be made, or a file of them that can't be used: says the line, and never what is in it. */
export class ApiKeyError extends Error {
  override readonly name = 'ApiKeyError';
}

/**
 * A new key.
 *
 * @param options.scopes of {@link SCOPES}
 * @param options.expires ISO 8601 with a time zone
 * @returns the key, which is nowhere else and must be given to the caller, and what to store of it
 * @throws ApiKeyError
 */
export function createApiKey(options: { id: string; scopes: readonly string[]; expires?: string }): {
  readonly key: string;
  readonly record: ApiKeyRecord;
} {
  const key = `${PREFIX}${options.id}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  const result = ApiKeyRecord.safeParse({ ...options, sha256: hash('sha256', key, 'hex') });
  if (!result.success) throw new ApiKeyError(`the key can't be made: ${problemsOf(result.error)}`);
  return { key, record: result.data };
}

interface StoredKey {
  readonly sha256: Buffer;
  readonly principal: Principal;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** Compared with when there is no key of that id, so that the time tells nobody which ids there are. */
const NOBODY: StoredKey = {
  sha256: randomBytes(SECRET_BYTES),
  principal: { id: 'key:', scopes: new Set() },
  expires: 0,
};

/** The API keys that are accepted. */
export class ApiKeys {
  private constructor(private readonly keys: ReadonlyMap<string, StoredKey>) {}

  get size(): number {
    return this.keys.size;
  }

  /**
   * @param text JSON lines, an {@link ApiKeyRecord} each; empty lines and lines that begin with `#` are skipped
   * @param source named in errors
   * @throws ApiKeyError
   */
  static parse(text: string, source: string): ApiKeys {
    const keys = new Map<string, StoredKey>();
    text.split('\n').forEach((line, index) => {
      if (line.trim() === '' || line.startsWith('#')) return;
      const where = `${source}, line ${index + 1}`;
      const { id, sha256, scopes, expires } = parseRecord(line, where);
      if (keys.has(id)) throw new ApiKeyError(`${where}: there is another key "${id}" above; an id names one key`);
      if (keys.size === MAX_API_KEYS) throw new ApiKeyError(`${source} has more than ${MAX_API_KEYS} keys`);
      keys.set(id, {
        sha256: Buffer.from(sha256, 'hex'),
        principal: { id: `key:${id}`, scopes: new Set(scopes) },
        expires: expires === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires),
      });
    });
    return new ApiKeys(keys);
  }

  static looksLikeKey(token: string): boolean {
    return token.startsWith(PREFIX);
  }

  /** The owner of a key; `undefined` when it is not one of these, or has expired. */
  verify(key: string): Principal | undefined {
    const id = KEY.exec(key)?.[1];
    if (id === undefined) return undefined;
    const stored = this.keys.get(id) ?? NOBODY;
    const isSame = timingSafeEqual(hash('sha256', key, 'buffer'), stored.sha256);
    return isSame && Date.now() < stored.expires ? stored.principal : undefined;
  }
}

function parseRecord(line: string, where: string): ApiKeyRecord {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new ApiKeyError(`${where} is not JSON; a line is what \`recommender keys create\` prints`);
  }
  const result = ApiKeyRecord.safeParse(value);
  if (result.success) return result.data;
  throw new ApiKeyError(`${where}: ${problemsOf(result.error)}`);
}

function problemsOf({ issues }: z.ZodError): string {
  return issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(' ')).join('; ');
}
