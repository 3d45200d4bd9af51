import { join } from 'node:path';
import { z } from 'zod';
import { RehearsalError } from '../errors';
import { PACKAGE_ROOT } from '../process/compiled';
import { startService } from '../process/service';
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
  const { ready, stop } = await startService({
    title: 'The emulated AWS (moto)',
    command: python,
    args: [join(PACKAGE_ROOT, 'moto', 'server.py')],
    // Managed policies are off by default in moto, and each attachment of one would fail.
    env: {
      ...withoutAws(process.env),
      MOTO_IAM_LOAD_MANAGED_POLICIES: 'true',
      MOTO_ACCOUNT_ID: options.accountId ?? '123456789012',
      PYTHONDONTWRITEBYTECODE: '1',
    },
    ready: (line) => Ready.parse(JSON.parse(line)),
    startSeconds: START_SECONDS,
    signal: options.signal,
  });
  const { port, version, actions } = ready;
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
