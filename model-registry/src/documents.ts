import type { z } from 'zod';
import { RegistryError } from './errors';
import type { ObjectStore } from './object-store';

/** Checks what a caller handed in. */
export function parseInput<T>(name: string, schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw invalidInput(`${describeIssues(result.error, name)}`);
}

export function invalidInput(message: string): RegistryError {
  return new RegistryError('INVALID_ARGUMENT', message, 'Nothing was written. Correct what made it.');
}

/** Checks what the registry itself wrote. */
export function parseStored<T>(store: ObjectStore, key: string, body: Buffer, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw corrupt(store, key, `it is not JSON (${(error as Error).message})`);
  }
  const result = schema.safeParse(value);
  if (!result.success) throw corrupt(store, key, describeIssues(result.error));
  return result.data;
}

/** Stored bytes that are not what was written. */
export function corrupt(store: ObjectStore, key: string, problem: string): RegistryError {
  return new RegistryError(
    'CORRUPT',
    `${store.url}/${key} is corrupt: ${problem}`,
    'Restore the file from a copy of the store, or register the version again in a new one. Use another version until then.',
  );
}

const BATCH = 16;

/** Reads the documents below a prefix, by name (without `.json`), sorted. */
export async function readDocuments<T>(
  store: ObjectStore,
  prefix: string,
  schema: z.ZodType<T>,
): Promise<Map<string, T>> {
  const keys: string[] = [];
  for await (const key of store.list(prefix)) if (key.endsWith('.json')) keys.push(key);
  keys.sort();
  const documents = new Map<string, T>();
  for (let i = 0; i < keys.length; i += BATCH) {
    const batch = keys.slice(i, i + BATCH);
    const objects = await Promise.all(batch.map((key) => store.get(key)));
    batch.forEach((key, at) => {
      const body = objects[at]?.body;
      if (body) documents.set(key.slice(prefix.length, -'.json'.length), parseStored(store, key, body, schema));
    });
  }
  return documents;
}

/** What is wrong with a value, in one line: `run.startedAt: Invalid ISO datetime; run.by: …`. */
function describeIssues(error: z.ZodError, ...name: string[]): string {
  return error.issues.map((issue) => `${[...name, ...issue.path].join('.')}: ${issue.message}`).join('; ');
}
