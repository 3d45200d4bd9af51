import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Bench } from '../bench';
import { type Measurement, overRounds } from '../figures';
import { COMPARED_CONNECTIONS, compareSettings, ratios, throughput } from './compare-settings';

/**
 * What it costs to be seen: throughput with every request logged to a file and one in a hundred traced, against neither.
 * Metrics have no switch: both count them.
 */
export async function measureObservability(bench: Bench): Promise<Measurement> {
  const collector = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('Content-Type', 'application/json').end('{}'));
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  try {
    const otlpEndpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    const variants = [
      { name: 'neither', settings: { logLevel: 'silent' } },
      {
        name: 'logs and traces',
        // No request of a closed loop counts as slow: the sample alone is measured.
        settings: { logLevel: 'info', otlpEndpoint, traceSampleRatio: 0.01, traceSlowMs: 600_000 },
        output: bench.path('server.log'),
      },
    ];
    const [off = [], on = []] = await compareSettings(bench, variants, { connections: COMPARED_CONNECTIONS });
    const cost = ratios(off, on, throughput).map((ratio) => (1 - ratio) * 100);
    const cpu = on.map((measured, round) => measured.cpu - (off[round]?.cpu ?? 0));
    const title = 'throughput lost by logs to a file and traces of 1 %';
    return {
      figures: [
        {
          id: 'observability.cost',
          title,
          unit: '%',
          ...overRounds(cost),
          better: 'lower',
          bar: { atMost: 10 },
        },
        { id: 'observability.cpu', title: 'processor time added', unit: 'µs', ...overRounds(cpu) },
      ],
    };
  } finally {
    collector.close();
    collector.closeAllConnections();
  }
}
