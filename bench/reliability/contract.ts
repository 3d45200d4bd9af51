import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createApiKey } from '@cdktf-recommender/model-server';
import { runSchemathesis } from '@cdktf-recommender/rehearsal';
import { ROOT } from '../repository';
import { atMost, type Bar, type CheckResult } from './bars';
import { ServerProcess } from './server-process';
import { type SmallStore, smallStore } from './small-store';

export const OPENAPI_PATH = '/openapi.json';
/** Its settings, and why each check that is less strict for a route is so. */
const CONFIG_FILE = join(ROOT, 'bench/reliability/schemathesis.toml');

export interface ContractOptions {
  /** Requests made up for each operation and phase at most. @default 100 */
  readonly examples?: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

/** Holds the server against its OpenAPI document, by schemathesis: once open to everybody, once for an API key. */
export async function contract(options: ContractOptions): Promise<CheckResult> {
  const { examples = 100, seed } = options;
  const started = performance.now();
  const store = await smallStore();
  try {
    const open = await pass('open to everybody', store, {}, CONFIG_FILE, options);
    const { key, record } = createApiKey({ id: 'schemathesis', scopes: ['admin'] });
    const file = join(directoryOf(store), 'keys.jsonl');
    await writeFile(file, JSON.stringify(record));
    const withKey = join(directoryOf(store), 'schemathesis.toml');
    await writeFile(
      withKey,
      `${await readFile(CONFIG_FILE, 'utf8')}\n[auth.openapi]\napiKey = { api_key = "${key}" }\n`,
    );
    const known = await pass('by an API key', store, { RECOMMENDER_API_KEYS_FILE: file }, withKey, options);
    return {
      name: 'contract',
      conditions: `schemathesis on ${OPENAPI_PATH}, at most ${examples} requests an operation and phase; seed ${seed}`,
      bars: [open.bar, known.bar],
      notes: [open.note, known.note],
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await store.remove();
  }
}

/** A temporary one, which goes with the store. */
const directoryOf = ({ store }: SmallStore) => dirname(store);

async function pass(
  name: string,
  store: SmallStore,
  environment: Record<string, string>,
  configFile: string,
  { examples = 100, seed, onProgress }: ContractOptions,
): Promise<{ bar: Bar; note: string }> {
  // With the console, which has the routes that show customers.
  const settings = { RECOMMENDER_CONSOLE: 'true', RECOMMENDER_MODELS: store.models, ...environment };
  const server = await ServerProcess.start({ ...store, environment: settings });
  try {
    const { exitCode, output } = await runSchemathesis({
      document: `${server.url}${OPENAPI_PATH}`,
      configFile,
      args: ['--seed', `${seed}`, '--max-examples', `${examples}`, '--url', server.url],
      directory: directoryOf(store),
      timeoutSeconds: 900,
      onProgress,
    });
    return {
      bar: atMost(`${name}: exit code of schemathesis (1: a failure)`, exitCode, 0),
      note: `${name}:\n${output
        .trim()
        .split('\n')
        .slice(exitCode === 0 ? -15 : -100)
        .join('\n')}`,
    };
  } finally {
    await server.stop('SIGKILL');
  }
}
