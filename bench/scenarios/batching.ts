import type { Bench } from '../bench';
import { type Measurement, overRounds } from '../figures';
import { COMPARED_CONNECTIONS, compareSettings, ratios, throughput, type Variant } from './compare-settings';

const VARIANTS: readonly Variant[] = [
  // A model run for each request.
  { name: 'without batching', settings: { batchSize: 1 } },
  { name: 'with batching', settings: {} },
];

/** What batching costs who comes alone: the median at one connection, against the same server without batching. */
export async function measureLoneClient(bench: Bench): Promise<Measurement> {
  const [without = [], batched = []] = await compareSettings(bench, VARIANTS, { connections: 1 });
  return {
    figures: [
      {
        id: 'lone-client.ratio',
        title: 'p50 with batching over p50 without',
        unit: '×',
        ...overRounds(ratios(without, batched, ({ accepted }) => accepted.p50)),
        better: 'lower',
        bar: { atMost: 1.05 },
      },
      {
        id: 'lone-client.p50',
        title: 'p50 with batching',
        unit: 'ms',
        ...overRounds(batched.map(({ accepted }) => accepted.p50)),
        better: 'lower',
      },
    ],
  };
}

/** What batching gains where there is company: throughput at 100 connections, against a run for each request. */
export async function measureBatching(bench: Bench): Promise<Measurement> {
  const [without = [], batched = []] = await compareSettings(bench, VARIANTS, { connections: COMPARED_CONNECTIONS });
  return {
    figures: [
      {
        id: 'batching.gain',
        title: 'throughput with batching over throughput without',
        unit: '×',
        ...overRounds(ratios(without, batched, throughput)),
        better: 'higher',
      },
    ],
  };
}
