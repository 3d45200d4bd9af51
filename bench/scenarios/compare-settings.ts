import type { Bench, Measured } from '../bench';
import { environmentOf, type Settings } from './settings';

export interface Variant {
  readonly name: string;
  readonly settings: Settings;
  /** @default - those of the workload */
  readonly requests?: readonly string[];
  /** File that takes what the server writes to standard output. @default - none */
  readonly output?: string;
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
    for (const [i, { name, settings, requests, output }] of variants.entries()) {
      const environment = environmentOf({ deadlineMs: 60_000, ...settings });
      const measured = await bench.withServer({ name: 'ours', environment, output }, (server) =>
        bench.load(server, { rate: 'closed', connections: bench.connections(connections), seconds, requests }),
      );
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

export const throughput = (measured: Measured) => measured.completed / measured.seconds;
