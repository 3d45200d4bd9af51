import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PROMETHEUS_VERSION, type PrometheusServer, startPrometheus } from '@cdktf-recommender/rehearsal';

const started: PrometheusServer[] = [];
const start = async (options: Parameters<typeof startPrometheus>[0]) => {
  const prometheus = await startPrometheus({ onProgress: (line) => console.error(line), ...options });
  started.push(prometheus);
  return prometheus;
};
afterAll(() => Promise.all(started.map((prometheus) => prometheus.stop())));

describe('a Prometheus', () => {
  test('scrapes what its configuration names, records what its rules say, and answers', async () => {
    const target = createServer((_, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4').end('orders_total{shop="a"} 42\n');
    });
    await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = target.address() as AddressInfo;
      const prometheus = await start({
        config: {
          global: { scrape_interval: '1s', evaluation_interval: '1s' },
          scrape_configs: [{ job_name: 'shop', static_configs: [{ targets: [`127.0.0.1:${port}`] }] }],
        },
        groups: [{ name: 'orders', rules: [{ record: 'shop:orders:sum', expr: 'sum by (shop) (orders_total)' }] }],
      });
      while ((await prometheus.query('shop:orders:sum')).length === 0) await pause(200);
      expect(await prometheus.query('shop:orders:sum')).toEqual([
        { labels: { __name__: 'shop:orders:sum', shop: 'a' }, value: 42 },
      ]);
      expect(await prometheus.query('scalar(orders_total) / 0')).toEqual([{ labels: {}, value: Infinity }]);
      expect(await prometheus.query('of_nobody')).toEqual([]);
      await expect(prometheus.query('sum(')).rejects.toThrow('Prometheus answered: invalid parameter "query"');
    } finally {
      target.closeAllConnections();
      target.close();
    }
  }, 900_000);

  test('is the version that its module requires', async () => {
    const prometheus = await start({ config: {} });
    expect(await prometheus.api('/api/v1/status/buildinfo')).toMatchObject({ version: PROMETHEUS_VERSION });
    const [major, minor, patch] = PROMETHEUS_VERSION.split('.');
    const required = `github.com/prometheus/prometheus v0.${major}${minor?.padStart(2, '0')}.${patch}`;
    expect(readFileSync(join(__dirname, '../../../rehearsal/prometheus/go.mod'), 'utf8')).toContain(required);
  });

  test('fails with what is wrong with its files', async () => {
    const groups = [{ name: 'orders', rules: [{ record: 'orders', expr: 'sum(' }] }];
    await expect(start({ config: {}, groups })).rejects.toMatchObject({
      message: 'Prometheus does not take its files',
      hint: expect.stringContaining('could not parse expression'),
    });
  });
});
