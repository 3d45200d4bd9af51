import type { Bench } from '../bench';
import type { Measurement } from '../figures';
import { CONNECTIONS } from './capacity';

/** Of the rate that the server bears, where that was measured in the same run. */
const SHARE = 0.9;
const RATE = 4000;
const MB = 1e6;

/** Resident memory with 10,000 connections under load, all processes. */
export async function measureMemory(bench: Bench): Promise<Measurement> {
  const rate = Math.round(SHARE * (bench.figures.get('capacity.ours')?.value ?? 0)) || RATE;
  const { rss } = await bench.withServer({ name: 'ours' }, (server) =>
    bench.load(server, { rate, connections: bench.connections(CONNECTIONS), seconds: 15 }),
  );
  const title = `resident memory at ${rate.toLocaleString('en')} requests/s`;
  return { figures: [{ id: 'memory.rss', title, unit: 'MB', value: rss / MB, better: 'lower', bar: { atMost: 600 } }] };
}
