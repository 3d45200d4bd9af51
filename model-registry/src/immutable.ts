import { sha256 } from './canonical-json';
import { PreconditionFailed, RegistryError } from './errors';
import type { ObjectStore } from './object-store';

/**
 * Writes an object that never changes. Does nothing when it is there with these bytes.
 *
 * @returns whether it was written
 * @throws RegistryError `IMMUTABLE` when it is there with other bytes
 */
export async function putImmutable(store: ObjectStore, key: string, body: Buffer): Promise<boolean> {
  if (await holds(store, key, body)) return false;
  try {
    await store.put(key, body, { ifNoneMatch: '*' });
    return true;
  } catch (error) {
    // Another writer of the same version came first, or an answer was lost and the request repeated.
    if (error instanceof PreconditionFailed && (await holds(store, key, body))) return false;
    throw error;
  }
}

async function holds(store: ObjectStore, key: string, body: Buffer): Promise<boolean> {
  const existing = await store.get(key);
  if (!existing) return false;
  if (existing.body.equals(body)) return true;
  throw new RegistryError(
    'IMMUTABLE',
    `${store.url}/${key} exists with other bytes: its sha256 is ${sha256(existing.body)}, not ${sha256(body)}`,
    'Someone changed the store by hand, or its disk is failing. Move the file away, then repeat.',
  );
}
