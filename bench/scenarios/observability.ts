import type { Bench } from '../bench';
import { type Measurement, overRounds } from '../figures';
import { compareSettings, ratios, throughput } from './compare-settings';
import { CLOSED_LOOP_CONNECTIONS } from './processor-time';
import { knownSettings, type Settings, unknownSettings } from './settings';

/** Metrics, logs of requests, and tracing of one request in a hundred. */
const ON: Settings = { logLevel: 'info', metrics: true, traceSampleRatio: 0.01 };
const OFF: Settings = { logLevel: 'silent', metrics: false, traceSampleRatio: 0 };

/** What it costs to be seen: throughput with metrics, logs to a file and sampled tracing, against all that off. */
export async function measureObservability(bench: Bench): Promise<Measurement> {
  const variants = [
    { name: 'all off', settings: knownSettings(OFF) },
    { name: 'all on', settings: knownSettings(ON), output: bench.path('server.log') },
  ];
  const [off = [], on = []] = await compareSettings(bench, variants, { connections: CLOSED_LOOP_CONNECTIONS });
  const cost = ratios(off, on, throughput).map((ratio) => (1 - ratio) * 100);
  const same = unknownSettings(ON);
  return {
    figures: [
      {
        id: 'observability.cost',
        title: `throughput lost${same.length > 0 ? `, without a switch for ${same.join(', ')}` : ''}`,
        unit: '%',
        ...overRounds(cost),
        better: 'lower',
        bar: { atMost: 10 },
      },
      {
        id: 'observability.cpu',
        title: 'processor time added',
        unit: 'µs',
        ...overRounds(on.map(({ cpu }, round) => cpu - (off[round]?.cpu ?? 0))),
      },
    ],
  };
}
