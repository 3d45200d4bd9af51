/**
 * Throughput of the server with requests sharing model runs, against the same server with a run for each request.
 *
 * Both answer the same requests by the same app and the same model, in turn, on one core, under 500 keep-alive
 * connections in a closed loop from another process. `npm run bench` fails below {@link REQUIRED}.
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';

const CONNECTIONS = 500;
const SECONDS = 6;
const WARM_UP_SECONDS = 2;
const ROUNDS = 2;
/** As in the image's CMD. */
const NODE_OPTIONS = ['--max-semi-space-size=32'];
/** The bar: batched throughput over that of a run per request. */
const REQUIRED = 1.3;

const MODES = ['batched', 'unbatched'] as const;
type Mode = (typeof MODES)[number];
/** A customer's recommendations, and a session's. */
const KINDS = ['GET', 'POST'] as const;
type Kind = (typeof KINDS)[number];

interface Load {
  requests: number;
  requestsPerSecond: number;
  p50: number;
  p99: number;
  failed: number;
  /** Processor time of the server per request, microseconds: what neighbours on the machine disturb least. */
  cpu: number;
}

async function main(): Promise<void> {
  const pinned = canPin();
  console.log(`${cpus()[0]?.model}, ${availableParallelism()} cores; Node ${process.version}; ${versions()}`);
  console.log(
    `server ${pinned ? 'pinned to one core' : 'not pinned, for want of taskset or cores'}; load in another process; node ${NODE_OPTIONS.join(' ')}`,
  );
  console.log('model of 4,000 items, 64 MB; histories of 5 to 40 items, in memory; limit 10, no reasons');
  console.log(`${CONNECTIONS} connections, closed loop, ${SECONDS} s after ${WARM_UP_SECONDS} s of warm-up\n`);

  for (const kind of KINDS) {
    const best: Record<Mode, number> = { batched: 0, unbatched: 0 };
    let failures = 0;
    for (let round = 0; round < ROUNDS; round++) {
      for (const mode of MODES) {
        const { requestsPerSecond, p50, p99, failed, cpu } = await measure(mode, kind, pinned);
        const rate = Math.round(requestsPerSecond).toLocaleString('en');
        console.log(
          `${kind.padEnd(4)} ${mode.padEnd(10)} ${rate} requests/s, p50 ${p50} ms, p99 ${p99} ms, ${failed} failed, ${cpu.toFixed(0)} µs of processor time each`,
        );
        best[mode] = Math.max(best[mode], requestsPerSecond);
        failures += failed;
      }
    }
    const ratio = best.batched / best.unbatched;
    console.log(`${kind} batched / unbatched = ${ratio.toFixed(2)}, best rounds (required: ${REQUIRED})\n`);
    if (ratio < REQUIRED || failures > 0) process.exitCode = 1;
  }
}

/** Starts a server of its own, so that neither mode runs in code that was compiled for the other. */
async function measure(mode: Mode, kind: Kind, pinned: boolean): Promise<Load> {
  const server = start('serving-server.js', [mode], pinned ? 0 : undefined);
  try {
    const [url] = (await once(server, 'message')) as [string];
    const load = start(
      'serving-load.js',
      [url, kind, `${CONNECTIONS}`, `${WARM_UP_SECONDS}`, `${SECONDS}`],
      pinned ? 1 : undefined,
    );
    await once(load, 'message');
    await cpuTime(server);
    const [result] = (await once(load, 'message')) as [Omit<Load, 'cpu'>];
    return { ...result, cpu: (await cpuTime(server)) / result.requests };
  } finally {
    server.kill();
    await once(server, 'exit');
  }
}

/** Microseconds of processor time since the last call. */
async function cpuTime(server: ChildProcess): Promise<number> {
  server.send('cpu');
  const [microseconds] = (await once(server, 'message')) as [number];
  return microseconds;
}

function start(program: string, args: string[], core: number | undefined): ChildProcess {
  const pinned =
    core === undefined
      ? { execArgv: NODE_OPTIONS }
      : { execPath: 'taskset', execArgv: ['-c', `${core}`, process.execPath, ...NODE_OPTIONS] };
  return fork(join(__dirname, program), args, pinned);
}

function canPin(): boolean {
  if (availableParallelism() < 2) return false;
  try {
    execFileSync('taskset', ['-c', '0', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function versions(): string {
  const names = ['express', 'onnxruntime-node', 'autocannon'];
  return names.map((name) => `${name} ${require(`${name}/package.json`).version}`).join(', ');
}

void main();
