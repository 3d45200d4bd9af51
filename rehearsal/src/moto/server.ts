import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { RehearsalError } from '../errors';
import { PACKAGE_ROOT } from '../process/compiled';
import { motoPython } from './environment';

const START_SECONDS = 60;

const Ready = z.object({
  port: z.number().int(),
  version: z.string(),
  actions: z.array(z.object({ service: z.string(), action: z.string(), why: z.string() })),
});

const CloudResource = z.object({ service: z.string(), region: z.string(), type: z.string(), id: z.string() });
const Inventory = z.object({ left: z.array(CloudResource), pendingDeletion: z.array(CloudResource) });

/** An action of AWS that moto lacks or gets wrong, and that the rehearsal adds. */
export type ShimmedAction = z.infer<typeof Ready>['actions'][number];
export type CloudResource = z.infer<typeof CloudResource>;

/** `left`: what exists. `pendingDeletion`: keys and secrets in their deletion window. AWS's own defaults are in neither. */
export type Inventory = z.infer<typeof Inventory>;

export interface Moto {
  /** `http://127.0.0.1:<port>`, for AWS_ENDPOINT_URL or an SDK's `endpoint`. */
  readonly endpoint: string;
  readonly version: string;
  readonly shimmedActions: readonly ShimmedAction[];
  inventory(): Promise<Inventory>;
  /** Deletes everything. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

export interface StartMotoOptions {
  /** The account that everything is in, 12 digits. @default '123456789012' */
  readonly accountId?: string;
  /** Told of slow first-time work. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** A profile or region of the user's, set for real accounts, must not reach moto's own SDK. */
function withoutAws(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('AWS_')));
}

/**
 * Starts an emulated AWS on a free port of 127.0.0.1. It ends with `stop()`, or with this process. Any credentials and
 * any region are accepted; S3 wants path-style addressing.
 *
 * @throws RehearsalError when Python or moto can't be had, or moto doesn't start
 */
export async function startMoto(options: StartMotoOptions = {}): Promise<Moto> {
  const python = await motoPython(options.onProgress, options.signal);
  options.signal?.throwIfAborted();
  const child = spawn(python, [join(PACKAGE_ROOT, 'moto', 'server.py')], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Managed policies are off by default in moto, and each attachment of one would fail.
    env: {
      ...withoutAws(process.env),
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      MOTO_ACCOUNT_ID: options.accountId ?? '123456789012',
      PYTHONDONTWRITEBYTECODE: '1',
    },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-20_000);
  });
  const exited = new Promise<undefined>((resolve) => child.once('close', () => resolve(undefined)));
  const stop = async () => {
    child.stdin.end();
    await exited;
  };
  child.stdin.on('error', () => undefined); // it may have ended already
  const abort = () => child.kill('SIGKILL');
  options.signal?.addEventListener('abort', abort);
  void exited.then(() => options.signal?.removeEventListener('abort', abort));

  const first = await Promise.race([
    new Promise<string>((resolve) => createInterface({ input: child.stdout }).once('line', resolve)),
    exited,
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), START_SECONDS * 1000).unref()),
  ]);
  if (first === undefined) {
    child.kill('SIGKILL');
    throw new RehearsalError(
      'The emulated AWS (moto) did not start',
      errors.trim() || `no word from it for ${START_SECONDS} s`,
    );
  }
  const { port, version, actions } = Ready.parse(JSON.parse(first));
  const endpoint = `http://127.0.0.1:${port}`;
  const ask = async (path: string, method = 'GET') => {
    const response = await fetch(endpoint + path, { method });
    if (!response.ok) throw new RehearsalError(`The emulated AWS answered ${response.status} to ${method} ${path}`);
    return response.json();
  };
  return {
    endpoint,
    version,
    shimmedActions: actions,
    inventory: async () => Inventory.parse(await ask('/rehearsal/inventory.json')),
    reset: async () => void (await ask('/moto-api/reset', 'POST')),
    stop,
  };
}
