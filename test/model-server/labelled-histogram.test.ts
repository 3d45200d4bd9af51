import { Histogram, Registry } from 'prom-client';
import { LabelledHistogram } from '../../model-server/src/labelled-histogram';

test('what is scraped is what a histogram of prom-client would show', async () => {
  const options = { name: 'a_seconds', help: 'How long', buckets: [0.1, 0.25, 1] };
  const [theirs, ours] = [new Registry(), new Registry()];
  const reference = new Histogram({ ...options, labelNames: ['route', 'status'], registers: [theirs] });
  const histogram = new LabelledHistogram<'route' | 'status'>({ ...options, registers: [ours] });
  for (const labels of [
    { route: '/a', status: 200 },
    { route: '/"b"', status: 500 },
  ]) {
    const series = histogram.add(labels);
    for (const seconds of [0, 0.1, 0.100001, 0.25, 0.9, 1, 7]) {
      reference.observe(labels, seconds);
      series.observe(seconds);
    }
    expect(series.count).toBe(7);
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
  expect(await ours.metrics()).toContain('a_seconds_bucket{le="0.25",route="/a",status="200"} 4');
});

test('a reset starts the counts anew', async () => {
  const registry = new Registry();
  const histogram = new LabelledHistogram({ name: 'a', help: 'a', buckets: [1], registers: [registry] });
  histogram.add({}).observe(3);
  registry.resetMetrics();
  expect(await registry.metrics()).toContain('a_sum 0\na_count 0');
});
