import { ALWAYS_RUNNING, OPERATORS_RUNNING } from '../../constructs/kubernetes/cluster-load';
import type { WorkloadChoices } from '../../src';
import { runningContainers } from '../../stacks/workload-choices';

const NOTHING: WorkloadChoices = {
  delivery: { kind: 'rolling' },
  autoscaling: { kind: 'cpu' },
  caches: [],
  sizes: {},
  traces: false,
  costs: false,
  probes: false,
  runtimeDetection: false,
};
const GATEWAY = { hostname: 'api.shop.test', authentication: { kind: 'none' } } as const;
const { envoyGateway, certManager, flagger, valkey, ...operators } = OPERATORS_RUNNING;

const added = (choices: Partial<WorkloadChoices>) =>
  runningContainers({ ...NOTHING, ...choices })
    .slice(ALWAYS_RUNNING.length)
    .filter(({ count }) => count !== 0);

test.each<[string, Partial<WorkloadChoices>, readonly object[]]>([
  ['nothing', {}, []],
  ['KEDA', { autoscaling: { kind: 'keda', schedules: [] } }, operators.keda],
  [
    'a gateway with a Secret',
    { gateway: { ...GATEWAY, certificate: { kind: 'secret', secretName: 'tls' } } },
    envoyGateway,
  ],
  [
    'a gateway with an authority',
    { gateway: { ...GATEWAY, certificate: { kind: 'acme', email: 'oncall@shop.test' } } },
    [...envoyGateway, ...certManager],
  ],
  ['canaries', { delivery: { kind: 'canary' } }, flagger],
  ['logs in Loki', { logs: { kind: 'loki' } }, operators.logsInLoki],
  ['two caches', { caches: ['histories', 'answers'] }, [...valkey, ...valkey]],
  ['traces', { traces: true }, operators.tracing],
  ['costs', { costs: true }, operators.openCost],
  ['probes', { probes: true }, operators.blackboxExporter],
  ['Falco', { runtimeDetection: true }, operators.falco],
])('nodes are counted for what %s adds, and for nothing else', (_, choices, containers) => {
  expect(added(choices)).toEqual(containers);
});

test('each further node of Elasticsearch is counted', () => {
  const nodes = (count: number) => added({ logs: { kind: 'elasticsearch', nodes: count } });
  expect(nodes(1)).toEqual(operators.logsInElasticsearch);
  expect(nodes(3).slice(operators.logsInElasticsearch.length)).toEqual([expect.objectContaining({ count: 2 })]);
});
