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

const Document = z.object({ Version: z.string().optional(), Statement: z.unknown() });
const EmulatedRole = z.object({
  name: z.string(),
  arn: z.string(),
  trust: Document,
  policies: z.array(z.object({ name: z.string(), managed: z.boolean(), document: Document })),
  boundary: z.string().nullable(),
});

/** A role with its trust and its policies, inline ones by name and managed ones by ARN, as AWS holds them. */
export type EmulatedRole = z.infer<typeof EmulatedRole>;
const MadeCall = z.object({
  service: z.string(),
  region: z.string(),
  operation: z.string(),
  parameters: z.record(z.string(), z.string()),
  tags: z.record(z.string(), z.record(z.string(), z.string())),
});

/**
 * A call that Terraform made: the service as the request is signed for it, and parameters by their paths, `Tags.1.Key`;
 * texts of more than 2,048 characters are left out. `tags` has those that an id among the parameters had at that time, of
 * EC2's and KMS's.
 */
export type MadeCall = z.infer<typeof MadeCall>;
const Counts = z.record(z.string(), z.number());
const Answer = z.record(z.string(), z.unknown());

/** An action of AWS that moto lacks or gets wrong, and that the rehearsal adds. */
export type ShimmedAction = z.infer<typeof Ready>['actions'][number];
export type CloudResource = z.infer<typeof CloudResource>;

/** `left`: what exists. `pendingDeletion`: keys and secrets in their deletion window. AWS's own defaults are in neither. */
export type Inventory = z.infer<typeof Inventory>;

/**
 * How a call fails. `error`: 500, not done. `throttle`: told to slow down, not done. `reset`: the connection breaks, not
 * done. `lost`: done, and the connection breaks before the answer.
 */
export type AwsFault = 'error' | 'throttle' | 'reset' | 'lost';

export interface AwsFaults {
  readonly seed: number;
  /** Share of the calls, 0 to 1. */
  readonly share: number;
  readonly kinds: readonly AwsFault[];
  /**
   * Those of Terraform's calls that may fail: `['DescribeAddon']`.
   * @default - any call, whoever makes it
   */
  readonly operations?: readonly string[];
}

export interface AwsCall {
  /** `s3` */
  readonly service: string;
  /** `put_bucket_policy` */
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** @default 'us-east-1' */
  readonly region?: string;
}

export interface Moto {
  /** `http://127.0.0.1:<port>`, for AWS_ENDPOINT_URL or an SDK's `endpoint`. */
  readonly endpoint: string;
  readonly version: string;
  readonly shimmedActions: readonly ShimmedAction[];
  inventory(): Promise<Inventory>;
  /** All roles, but for those that services make for themselves. */
  roles(): Promise<EmulatedRole[]>;
  /**
   * Whether moto's own evaluator lets a role do something. It knows actions and resources; where a statement on the
   * action has a condition, its verdict means nothing.
   */
  permits(role: string, action: string, resource: string): Promise<boolean>;
  /** Runs Lambda's functions by a host, see {@link startFunctionHost}; whoever invokes one reaches it. */
  runFunctions(host: { readonly url: string }): Promise<void>;
  /** Executes state machines, as moto's interpreter does; those made before don't count any more. */
  executeStateMachines(): Promise<void>;
  /** Makes a share of the calls fail from now on, in place of what failed before; with none given, none fails. */
  fail(faults?: AwsFaults): Promise<void>;
  /** Calls since `fail`, and how many of them failed in which way. */
  failed(): Promise<Readonly<Record<string, number>>>;
  /**
   * A call behind Terraform's back, by the names that boto3 gives to operation and parameters.
   * @throws RehearsalError with the service's error
   */
  call(call: AwsCall): Promise<Readonly<Record<string, unknown>>>;
  /** The calls that Terraform has made, each once. */
  calls(): Promise<MadeCall[]>;
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
      MOTO_ACM_VALIDATION_WAIT: '0', // else a minute
      MOTO_ACCOUNT_ID: options.accountId ?? '123456789012',
      PYTHONDONTWRITEBYTECODE: '1',
    },
    ready: (line) => Ready.parse(JSON.parse(line)),
    startSeconds: START_SECONDS,
    signal: options.signal,
  });
  const { port, version, actions } = ready;
  const endpoint = `http://127.0.0.1:${port}`;
  const ask = async (path: string, method = 'GET', body?: object) => {
    const response = await fetch(endpoint + path, { method, body: body && JSON.stringify(body) });
    if (response.ok) return response.json();
    throw new RehearsalError(
      `The emulated AWS answered ${response.status} to ${method} ${path}: ${await response.text()}`,
    );
  };
  return {
    endpoint,
    version,
    shimmedActions: actions,
    inventory: async () => Inventory.parse(await ask('/rehearsal/inventory.json')),
    roles: async () => z.array(EmulatedRole).parse(await ask('/rehearsal/roles.json')),
    permits: async (role, action, resource) =>
      z.boolean().parse(await ask('/rehearsal/permitted', 'POST', { role_name: role, action, resource })),
    runFunctions: async ({ url }) => void (await ask('/rehearsal/functions', 'POST', { url })),
    executeStateMachines: async () =>
      void (await ask('/moto-api/config', 'POST', { stepfunctions: { execute_state_machine: true } })),
    fail: async (faults) => void (await ask('/rehearsal/faults', 'PUT', faults ?? {})),
    failed: async () => Counts.parse(await ask('/rehearsal/faults')),
    call: async (call) => Answer.parse(await ask('/rehearsal/call', 'POST', { region: 'us-east-1', ...call })),
    calls: async () => z.array(MadeCall).parse(await ask('/rehearsal/calls')),
    reset: async () => void (await ask('/moto-api/reset', 'POST')),
    stop,
  };
}
