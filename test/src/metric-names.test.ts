import { serviceRules } from '../../constructs/kubernetes/service-rules';
import { shortVersion } from '../../model-registry/src/errors';
import { FALLBACK_REASONS } from '../../model-server/src/ladder';
import { LABELS, LATENCY_BUCKETS, METRICS } from '../../model-server/src/metric-names';
import { LATENCY_BUCKETS_MS, SERVER_LABELS, SERVER_METRICS, VERSION_LABEL_DIGITS } from '../../src';

test('the metrics that rules query are those the server exports', () => {
  expect(METRICS).toMatchObject(SERVER_METRICS);
  expect(LABELS).toMatchObject(SERVER_LABELS);
});

test("a version's label is as long as the server makes it", () => {
  expect(shortVersion('a'.repeat(64))).toHaveLength(VERSION_LABEL_DIGITS);
});

test("an objective's latency is a bound of the server's histogram", () => {
  expect(LATENCY_BUCKETS.map((seconds) => seconds * 1000)).toEqual([...LATENCY_BUCKETS_MS]);
});

test('the reasons that an alert counts as faults are reasons the server gives', () => {
  const text = JSON.stringify(serviceRules({ namespaceName: 'n', name: 'a' }, (alert) => alert));
  const counted = /reason=~\\+"([^"\\]+)/.exec(text)?.[1]?.split('|') ?? [];
  expect(counted).toHaveLength(6);
  expect(counted.filter((reason) => !FALLBACK_REASONS.some((known) => known === reason))).toEqual([]);
});
