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
 * Loads our server with each variant's settings, in turn and round by round, in a closed loop without deadlines.
 *
 * @returns what each variant measured, by round
 */
export async function compareSettings(
  bench: Bench,
  variants: readonly Variant[],
  load: { readonly connections: number; readonly rounds?: number; readonly seconds?: number },
): Promise<Measured[][]> {
  const results = variants.map((): Measured[] => []);
  const { connections, seconds = 6 } = load;
  for (let round = 0; round < (bench.quick ? 1 : (load.rounds ?? bench.rounds)); round++) {
    for (const [i, { name, settings, requests, output, afterLoad }] of variants.entries()) {
      const environment = environmentOf({ deadlineMs: 60_000, ...settings });
      const measured = await bench.withServer({ name: 'ours', environment, output }, async (server) => {
        const result = allAnswered(
          await bench.load(server, {
            rate: 'closed',
            connections: bench.connections(connections),
            seconds,
            requests,
          }),
        );
        await afterLoad?.(server);
        return result;
      });
      results[i]?.push(measured);
      const { p50 } = measured.accepted;
      const rate = (measured.completed / measured.seconds).toFixed(0);
      bench.log(`    ${name}: ${rate} requests/s, ${measured.cpu.toFixed(0)} µs, p50 ${p50} ms`);
    }
  }
  return results;
}

/** One round's value of two variants, the second over the first. */
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
