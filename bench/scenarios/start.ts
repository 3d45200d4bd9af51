import type { Bench } from '../bench';
import { type Measurement, overRounds } from '../figures';

const ROUNDS = 5;

/** From spawning the server to the first 200 of `/readyz`, model loaded and warm. The slowest of the rounds counts. */
export async function measureStart(bench: Bench): Promise<Measurement> {
  const rounds: number[] = [];
  for (let round = 0; round < (bench.quick ? 1 : ROUNDS); round++) {
    rounds.push(await bench.withServer({ name: 'ours' }, async ({ startMs }) => startMs / 1000));
  }
  bench.log(`    ${rounds.map((seconds) => seconds.toFixed(2)).join(', ')} s`);
  const worst = Math.max(...rounds);
  return {
    figures: [
      { id: 'start.worst', title: `slowest of ${rounds.length} starts`, unit: 's', value: worst, bar: { atMost: 2 } },
      { id: 'start.median', title: 'start to ready', unit: 's', ...overRounds(rounds), better: 'lower' },
    ],
  };
}
