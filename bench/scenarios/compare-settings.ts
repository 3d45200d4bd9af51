import type { Bench, Measured } from '../bench';
import { BenchError } from '../errors';
import type { BenchServer } from '../servers';
import { environmentOf, type Settings } from '../settings';

/** Enough for full batches, and so few that no turn of the event loop is long enough to refuse requests. */
export const COMPARED_CONNECTIONS = 100;

export interface Variant {
  readonly name: string;
  readonly settings: Settings;
  /** @default - those of the workload */
  readonly requests?: readonly string[];
  /** File that takes what the server writes to standard output. @default - none */
  readonly output?: string;
  /** Called while the loaded server still runs. */
  readonly afterLoad?: (server: BenchServer) => Promise<void>;
}

/**
 * The machine's neighbours only make a server slower, to two thirds for seconds or minutes: many short rounds, of which
 * the fastest count.
 */
const ROUNDS = 10;
const FASTEST = 3;
const ROUND_SECONDS = 2;

/**
 * Starts our server with each variant's settings, all on one core, and loads one after the other, forwards and backwards
 * in turn, in a closed loop without deadlines. Those that wait take no processor time.
 *
 * @returns what each variant measured in its three fastest rounds of ten, the fastest first
 */
export async function compareSettings(
  bench: Bench,
  variants: readonly Variant[],
  { connections }: { readonly connections: number },
): Promise<Measured[][]> {
  const results = variants.map((): Measured[] => []);
  const run = async (servers: readonly BenchServer[]): Promise<void> => {
    const variant = variants[servers.length];
    if (variant) {
      const environment = environmentOf({ deadlineMs: 60_000, ...variant.settings });
      await bench.withServer({ name: 'ours', environment, output: variant.output }, (server) =>
        run([...servers, server]),
      );
      return;
    }
    const load = async (at: number, warm: boolean): Promise<Measured> => {
      const { requests, afterLoad } = variants[at] as Variant;
      const server = servers[at] as BenchServer;
      const closed = { rate: 'closed', connections: bench.connections(connections), seconds: ROUND_SECONDS } as const;
      const measured = allAnswered(await bench.load(server, { ...closed, requests, warm }));
      if (warm) await afterLoad?.(server);
      return measured;
    };
    for (const at of servers.keys()) await load(at, false);
    for (let round = 0; round < (bench.quick ? 1 : ROUNDS); round++) {
      const order = [...servers.keys()];
      for (const at of round % 2 === 0 ? order : order.reverse()) {
        const measured = await load(at, true);
        results[at]?.push(measured);
        const rate = (measured.completed / measured.seconds).toFixed(0);
        bench.log(
          `    ${variants[at]?.name}: ${rate} requests/s, ${measured.cpu.toFixed(0)} µs, p50 ${measured.accepted.p50} ms`,
        );
      }
    }
  };
  await run([]);
  return results.map((all) => all.sort((a, b) => throughput(b) - throughput(a)).slice(0, FASTEST));
}

/** The value of two variants in rounds of the same rank, the second over the first. */
export function ratios(
  first: readonly Measured[],
  second: readonly Measured[],
  value: (measured: Measured) => number,
): number[] {
  return first.map((measured, round) => value(second[round] as Measured) / value(measured));
}

/**
 * What was measured, if all requests were answered: refusals cost next to nothing, and would make a server look fast.
 *
 * @throws BenchError with the statuses otherwise
 */
export function allAnswered(measured: Measured): Measured {
  const { intended, accepted, statuses, failures } = measured;
  if (accepted.count >= 0.999 * intended) return measured;
  const rest = JSON.stringify({ statuses, failures });
  throw new BenchError(`${intended - accepted.count} of ${intended} requests of a closed loop got no 200: ${rest}`);
}

export const throughput = (measured: Measured) => measured.completed / measured.seconds;
