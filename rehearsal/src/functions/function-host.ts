import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type Outcome, RuntimeApi } from './runtime-api';

/** What the emulated AWS says of a function that it has invoked. */
const Invocation = z.object({
  functionName: z.string(),
  functionArn: z.string(),
  /** Of the image's config: what the entry point is given. */
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  memoryMegabytes: z.number(),
  timeoutSeconds: z.number(),
  event: z.unknown(),
});
type Invocation = z.infer<typeof Invocation>;

/** An invocation that is over. */
export interface FunctionRun {
  readonly functionName: string;
  readonly event: unknown;
  readonly outcome: Outcome;
  /** Of the instance. */
  readonly pid: number | undefined;
}

export interface FunctionHostOptions {
  /** The image's entry point: a program and its first arguments; the function's command comes behind. */
  readonly entryPoint: readonly [string, ...string[]];
  /** Variables that Lambda itself sets, and where the emulated AWS is. */
  readonly environment: Readonly<Record<string, string>>;
  /** Called with each line that a function writes. */
  readonly onLine?: (functionName: string, line: string) => void;
}

export interface Disturbance {
  /** Invocations that it meets. */
  readonly times: number;
  /** Milliseconds before anything happens. @default 0 */
  readonly delayMs?: number;
  /** What they fail with, in place of running. @default - they run */
  readonly error?: { readonly errorType: string; readonly errorMessage: string };
}

export interface FunctionHost {
  readonly url: string;
  /** All invocations that are over, in the order of their ends. */
  readonly runs: readonly FunctionRun[];
  /** Makes the next invocations of a function go wrong, as an outage or a bug would. */
  disturb(functionName: string, disturbance: Disturbance): void;
  stop(): Promise<void>;
}

/**
 * Runs the emulated AWS's functions as processes on this machine, each with its own environment and Lambda's runtime API,
 * and keeps them for the next events, as Lambda does. An instance has one event at a time, and ends with its time limit.
 *
 * What is not Lambda's: no container, no memory limit, no role (the emulated AWS lets everything in).
 */
export async function startFunctionHost(options: FunctionHostOptions): Promise<FunctionHost> {
  const idle = new Map<string, Instance[]>();
  const all = new Set<Instance>();
  const runs: FunctionRun[] = [];
  const disturbances = new Map<string, Disturbance>();

  async function run(invocation: Invocation): Promise<Outcome> {
    const { functionName, event } = invocation;
    const disturbance = disturbances.get(functionName);
    if (disturbance && disturbance.times > 0) {
      disturbances.set(functionName, { ...disturbance, times: disturbance.times - 1 });
      await pause(disturbance.delayMs ?? 0);
      if (disturbance.error) return { failed: true, payload: disturbance.error };
    }
    // Another configuration is another instance, as after a deployment.
    const key = JSON.stringify([functionName, invocation.command, invocation.environment]);
    const instance = idle.get(key)?.pop() ?? (await Instance.start(invocation, options));
    all.add(instance);
    const outcome = await instance.invoke(event, invocation.timeoutSeconds);
    if (instance.lives) idle.set(key, [...(idle.get(key) ?? []), instance]);
    else all.delete(instance);
    runs.push({ functionName, event, outcome, pid: instance.pid });
    return outcome;
  }

  const server = createServer((request, response) => {
    json(request)
      .then((body) => run(Invocation.parse(body)))
      .then((outcome) => response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(outcome)))
      .catch((error: Error) => response.writeHead(500).end(error.message));
  });
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    runs,
    disturb: (functionName, disturbance) => void disturbances.set(functionName, disturbance),
    stop: async () => {
      await Promise.all([...all].map((instance) => instance.stop()));
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A process that serves a function. */
class Instance {
  private readonly exited: Promise<void>;
  lives = true;

  private constructor(
    private readonly child: ChildProcess,
    private readonly api: RuntimeApi,
  ) {
    this.exited = new Promise((resolve) => {
      child.once('close', (code) => {
        this.lives = false;
        api.fail('Runtime.ExitError', `the process ended with ${code}`);
        api.close();
        resolve();
      });
    });
  }

  static async start(invocation: Invocation, { entryPoint, environment, onLine }: FunctionHostOptions) {
    const { functionName, functionArn, command, memoryMegabytes } = invocation;
    const api = await RuntimeApi.start(functionArn);
    const [program, ...args] = entryPoint;
    const child = spawn(program, [...args, ...command], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH ?? '',
        ...environment,
        ...invocation.environment,
        AWS_LAMBDA_RUNTIME_API: api.address,
        AWS_LAMBDA_FUNCTION_NAME: functionName,
        AWS_LAMBDA_FUNCTION_MEMORY_SIZE: `${memoryMegabytes}`,
      },
    });
    for (const input of [child.stdout, child.stderr]) {
      createInterface({ input }).on('line', (line) => onLine?.(functionName, line));
    }
    return new Instance(child, api);
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  async invoke(event: unknown, timeoutSeconds: number): Promise<Outcome> {
    const timer = setTimeout(() => {
      this.api.fail('Sandbox.Timedout', `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`);
      this.lives = false;
      this.child.kill('SIGKILL');
    }, timeoutSeconds * 1000);
    try {
      return await this.api.invoke(event, Date.now() + timeoutSeconds * 1000);
    } finally {
      clearTimeout(timer);
    }
  }

  async stop(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exited;
  }
}
