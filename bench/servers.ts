import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort, pythonEnvironment } from '@cdktf-recommender/rehearsal';
import { cProgram } from './c-program';
import { BenchError } from './errors';
import { imageOf } from './image';
import { cpuMicroseconds, processTree, residentBytes } from './process-usage';
import { ROOT } from './repository';
import { COMMON_SETTINGS, environmentOf } from './settings';
import { SYNTHETIC_MODEL } from './synthetic-version';
import { CHANNEL, recommendationsPath, type Workload } from './workload';

export const SERVERS = {
  ours: 'our server',
  fastapi: 'FastAPI, `async def`',
  'fastapi-threads': 'FastAPI, `def`',
  express: 'Express, a model run per request',
  'no-op': 'a server that does nothing',
} as const;
export type ServerName = keyof typeof SERVERS;

/** Naive Express is started like it too. */
const IMAGE = imageOf();
const START_SECONDS = 30;
const POLL_MS = 5;

export interface ServerOptions {
  readonly name: ServerName;
  readonly workload: Workload;
  /** Cores that it may run on. */
  readonly cores: readonly number[];
  /** Of our server: settings by their environment variables, over those that every scenario shares. */
  readonly environment?: Readonly<Record<string, string>>;
  /** File that takes its standard output. @default - none */
  readonly output?: string;
  /** The answer of the server that does nothing, head and body. */
  readonly response?: Buffer;
}

export interface BenchServer {
  readonly name: ServerName;
  readonly port: number;
  /** Cores that it may run on. */
  readonly cores: readonly number[];
  /** One for each customer. */
  readonly requests: readonly string[];
  /** From spawning to the first 200. */
  readonly startMs: number;
  /** Processor time used so far by all its processes and threads, microseconds. */
  cpu(): number;
  /** The same of each process: the first one, then its workers. */
  cpuByProcess(): number[];
  /** Resident memory of all its processes, bytes. */
  rss(): number;
  stop(): Promise<void>;
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a server of the benchmark on a free port, pinned to its cores.
 *
 * @throws BenchError with its last words, when it ends or doesn't answer within 30 s
 */
export async function startServer(options: ServerOptions): Promise<BenchServer> {
  const { name, workload } = options;
  const port = await freePort();
  const pathPrefix = name === 'fastapi-threads' ? '/threads' : '';
  const { command, env, readyPath } = await COMMANDS[name](options, port);
  const stdout = options.output === undefined ? 'pipe' : openSync(options.output, 'a');
  const started = performance.now();
  const child = spawn('taskset', ['-c', options.cores.join(','), ...command], {
    stdio: ['ignore', stdout, 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
  });
  running.add(child);
  let lastWords = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      lastWords = (lastWords + text).slice(-10_000);
    });
  }
  const exited = once(child, 'exit').finally(() => running.delete(child));
  const stop = async () => {
    // Nothing that it holds is kept, and its connections are gone already.
    child.kill('SIGKILL');
    await exited;
  };
  while (!(await answers(port, readyPath))) {
    if (child.exitCode !== null || performance.now() - started > START_SECONDS * 1000) {
      await stop();
      throw new BenchError(`${SERVERS[name]} did not start: ${lastWords.trim() || 'no answer for 30 s'}`);
    }
    await pause(POLL_MS);
  }
  const pid = child.pid as number;
  const cpuByProcess = () => processTree(pid).map(cpuMicroseconds);
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return {
    name,
    port,
    cores: options.cores,
    requests: workload.requests.map((request) => request.replace('/v1/', `${pathPrefix}/v1/`)),
    startMs: performance.now() - started,
    cpu: () => sum(cpuByProcess()),
    cpuByProcess,
    rss: () => sum(processTree(pid).map(residentBytes)),
    stop,
  };
}

interface Command {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly readyPath: string;
}

const COMMANDS: Record<ServerName, (options: ServerOptions, port: number) => Command | Promise<Command>> = {
  ours: ({ workload, environment }, port) => ({
    command: [process.execPath, ...IMAGE.nodeOptions, join(ROOT, 'model-server/dist/main.js')],
    env: {
      ...IMAGE.environment,
      RECOMMENDER_PORT: `${port}`,
      RECOMMENDER_STORE: workload.store,
      RECOMMENDER_USERS: workload.users,
      RECOMMENDER_MODEL: SYNTHETIC_MODEL,
      RECOMMENDER_CHANNEL: CHANNEL,
      ...environmentOf(COMMON_SETTINGS),
      ...environment,
    },
    readyPath: '/readyz',
  }),
  express: ({ workload }, port) => ({
    command: [process.execPath, ...IMAGE.nodeOptions, join(ROOT, 'dist/bench/peers/express.js')],
    env: { ...IMAGE.environment, ...peerEnvironment(workload), PEER_PORT: `${port}` },
    readyPath: recommendationsPath(0),
  }),
  fastapi,
  'fastapi-threads': fastapi,
  'no-op': async ({ workload, response = Buffer.alloc(0) }, port) => {
    const file = join(await mkdtemp(join(workload.peers, 'no-op-')), 'response');
    await writeFile(file, response);
    return { command: [await cProgram('no-op-server'), `${port}`, file], env: {}, readyPath: '/' };
  },
};

async function fastapi({ workload }: ServerOptions, port: number): Promise<Command> {
  const folder = join(ROOT, 'bench/peers/fastapi');
  const python = await pythonEnvironment({
    name: 'fastapi',
    title: 'FastAPI',
    requirements: join(folder, 'requirements.txt'),
    onProgress: (line) => console.error(line),
  });
  const uvicorn = ['-m', 'uvicorn', 'app:app', '--app-dir', folder, '--port', `${port}`, '--workers', '1'];
  // Its five seconds would close connections between two requests of one customer.
  const options = ['--no-access-log', '--timeout-keep-alive', '65', '--log-level', 'warning'];
  return {
    command: [python, ...uvicorn, ...options],
    env: { ...peerEnvironment(workload), PYTHONDONTWRITEBYTECODE: '1' },
    readyPath: recommendationsPath(0),
  };
}

function peerEnvironment(workload: Workload): Record<string, string> {
  return {
    PEER_MODEL: workload.peers,
    PEER_HISTORIES: join(workload.peers, `histories-${workload.kind}.json`),
    ORT_DISABLE_TELEMETRY: '1',
  };
}

function answers(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked
      .on('error', () => resolve(false))
      .on('timeout', () => asked.destroy())
      .end();
  });
}
