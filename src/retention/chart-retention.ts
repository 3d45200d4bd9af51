import { walk } from '../synthesized/stack-json';
import { unboundedVolumes } from './volume-retention';

/** Charts that keep what they are sent for ever, as long as their values don't say otherwise. */
const CHARTS: Readonly<Record<string, (values: readonly unknown[]) => string | undefined>> = {
  loki: (values) =>
    given(values, ['loki', 'compactor', 'retention_enabled']) === true &&
    given(values, ['loki', 'limits_config', 'retention_period'])
      ? undefined
      : 'keeps logs for ever. Set loki.compactor.retention_enabled and loki.limits_config.retention_period',
  valkey: (values) =>
    /^maxmemory \d/m.test(String(given(values, ['valkeyConfig']) ?? ''))
      ? undefined
      : 'grows until it is killed. Set maxmemory in valkeyConfig',
};

/** Kafka's word for no end. */
const FOR_EVER = '-1';

/**
 * What a release keeps without an end, and what ends it.
 *
 * @param chart its name where somebody else publishes it; the values of one's own hold `objects`
 * @param values in the order in which Helm takes them
 */
export function unboundedInChart(chart: string | undefined, values: readonly unknown[]): string[] {
  if (chart !== undefined) {
    const problem = CHARTS[chart]?.(values);
    return problem === undefined ? [] : [problem];
  }
  const objects = values.flatMap((value) => (walk(value, ['objects']) as unknown[] | undefined) ?? []);
  return objects.flatMap((object) => [...unboundedVolumes(object), ...unboundedTopic(object)]);
}

function unboundedTopic(object: unknown): string[] {
  if (walk(object, ['kind']) !== 'KafkaTopic') return [];
  const end = walk(object, ['spec', 'config', 'retention.ms']);
  const size = walk(object, ['spec', 'config', 'retention.bytes']) ?? FOR_EVER;
  if (String(end) !== FOR_EVER || String(size) !== FOR_EVER) return [];
  return [
    `keeps the events of the topic ${walk(object, ['metadata', 'name'])} for ever. Set retention.ms or retention.bytes`,
  ];
}

/** The last of several values files has the say. */
function given(values: readonly unknown[], path: readonly string[]): unknown {
  return values.map((value) => walk(value, path)).findLast((value) => value !== undefined);
}
