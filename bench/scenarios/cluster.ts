import type { Bench } from '../bench';
import { type Measurement, overRounds } from '../figures';
import { environmentOf } from '../settings';
import { allAnswered, COMPARED_CONNECTIONS } from './compare-settings';
import { NO_DEADLINE } from './processor-time';

const WORKERS = 2;

/** Two workers on two cores against one on one: what a request costs, and how evenly the two share. */
export async function measureCluster(bench: Bench): Promise<Measurement> {
  if (bench.cores.servers.length < WORKERS) {
    return {
      figures: [],
      missing: `two workers and the load need three cores; here is ${bench.cores.servers.length + 1}`,
    };
  }
  const connections = bench.connections(COMPARED_CONNECTIONS * WORKERS);
  const ratio: number[] = [];
  const unevenness: number[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    const load = { rate: 'closed', connections, seconds: 6 } as const;
    const one = await bench.withServer({ name: 'ours', environment: NO_DEADLINE }, (server) =>
      bench.load(server, load).then(allAnswered),
    );
    const environment = { ...NO_DEADLINE, ...environmentOf({ workers: WORKERS }) };
    const two = await bench.withServer({ name: 'ours', environment, cores: WORKERS }, (server) =>
      bench.load(server, load).then(allAnswered),
    );
    ratio.push(two.cpu / one.cpu);
    // The first process starts the workers and answers nothing.
    const workers = two.cpuByProcess.slice(1);
    const mean = workers.reduce((sum, each) => sum + each, 0) / workers.length;
    unevenness.push(Math.max(...workers.map((each) => Math.abs(each / mean - 1))) * 100);
    bench.log(
      `    one worker ${one.cpu.toFixed(0)} µs, two ${two.cpu.toFixed(0)} µs, uneven by ${unevenness.at(-1)?.toFixed(1)} %`,
    );
  }
  return {
    figures: [
      {
        id: 'cluster.cpu-ratio',
        title: 'processor time per request with two workers over one',
        unit: '×',
        ...overRounds(ratio),
        better: 'lower',
        bar: { atMost: 1.18 },
      },
      {
        id: 'cluster.unevenness',
        title: "a worker's processor time off the mean",
        unit: '%',
        ...overRounds(unevenness),
        better: 'lower',
        bar: { atMost: 10 },
      },
    ],
  };
}
