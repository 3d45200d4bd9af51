import { type ConfigInput, parseConfig } from '../../src';
import { walk } from '../../src/synthesized/stack-json';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { configStacks } from '../helpers/config-stacks';

const AWS: NonNullable<ConfigInput['environments']['prod']>['aws'] = {
  accountId: '111122223333',
  endpointAccess: 'private',
  adminPrincipalArns: ['arn:aws:iam::111122223333:role/deploy'],
  state: { kind: 's3', bucket: 'shop-state', region: 'us-east-1' },
};
const PROD = {
  gateway: {
    hostname: 'api.shop.example',
    certificate: { kind: 'secret', secretName: 'tls' },
    authentication: { kind: 'none' },
  },
  delivery: { kind: 'canary' },
  caches: ['histories'],
  traces: true,
  aws: AWS,
} satisfies ConfigInput['environments']['prod'];

function stackWith(latency: ConfigInput['latency']): SynthesizedStack {
  const config = { owner: 'shop', budget: { notify: ['a@shop.example'] }, latency, environments: { prod: PROD } };
  return configStacks(parseConfig(config, 'test'))['aws-prod'] as SynthesizedStack;
}

const settings = ({ contents }: SynthesizedStack) =>
  contents.objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'model-server')
    ?.data as Record<string, string>;
const customResource = ({ contents }: SynthesizedStack, kind: string) =>
  Object.values(contents.customResources)
    .flat()
    .find((one) => one.kind === kind);
const probes = (stack: SynthesizedStack) => {
  const server = stack.contents.objects.find(
    ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'model-server',
  );
  const container = walk(server, ['spec', 'template', 'spec', 'containers', 0]);
  return ['startup', 'readiness', 'liveness'].map((name) => walk(container, [`${name}Probe`, 'timeoutSeconds']));
};
const gate = (stack: SynthesizedStack) => {
  const metrics = walk(customResource(stack, 'Canary'), ['spec', 'analysis', 'metrics']) as { name: string }[];
  return walk(
    metrics.find(({ name }) => name === 'latency-p99-ms'),
    ['thresholdRange', 'max'],
  );
};
/** The bucket that the alert's share is counted by. */
const alert = ({ contents }: SynthesizedStack) => {
  const rules = JSON.stringify(contents.charts.find(({ chart }) => chart === 'kube-prometheus-stack')?.values);
  return /recommender:request_slow:ratio_rate1h.{0,300}?le=(?:~)?\\+"([\d.]+)/.exec(rules)?.[1];
};

const consumers = (stack: SynthesizedStack) => ({
  deadline: settings(stack).RECOMMENDER_DEADLINE_MS,
  cacheTimeout: settings(stack).RECOMMENDER_REDIS_TIMEOUT_MS,
  traced: settings(stack).RECOMMENDER_TRACE_SLOW_MS,
  gatewayTimeout: walk(customResource(stack, 'BackendTrafficPolicy'), ['spec', 'timeout', 'http', 'requestTimeout']),
  probes: probes(stack),
  gate: gate(stack),
  alert: alert(stack),
});

test.each<[string, ConfigInput['latency'], ReturnType<typeof consumers>]>([
  [
    'nothing',
    {},
    {
      deadline: '80',
      cacheTimeout: '20',
      traced: '100',
      gatewayTimeout: '1000ms',
      probes: [2, 2, 2],
      gate: 100,
      alert: '0.1',
    },
  ],
  [
    'the model, which all of them hang on',
    { modelMs: 8 },
    {
      deadline: '28',
      cacheTimeout: '20',
      traced: '50',
      gatewayTimeout: '480ms',
      probes: [1, 1, 1],
      gate: 50,
      alert: '0.05',
    },
  ],
  [
    'the cache',
    { cacheMs: 5 },
    {
      deadline: '65',
      cacheTimeout: '5',
      traced: '75',
      gatewayTimeout: '850ms',
      probes: [2, 2, 2],
      gate: 75,
      alert: '0.075',
    },
  ],
  [
    'DNS, which is outside of the server',
    { dnsMs: 0 },
    {
      deadline: '80',
      cacheTimeout: '20',
      traced: '100',
      gatewayTimeout: '950ms',
      probes: [2, 2, 2],
      gate: 100,
      alert: '0.1',
    },
  ],
])('a change of %s reaches what derives from it', (_, latency, expected) => {
  expect(consumers(stackWith(latency))).toEqual(expected);
});

test('a config whose parts are more than it promises is refused with each of them', () => {
  expect(() => stackWith({ modelMs: 70 })).toThrow(
    'latency.dnsMs 5 + edgeMs 5 + gatewayMs 5 + podMs 5 + cacheMs 20 + modelMs 70 are 110 ms, 10 ms more than slo.latencyP99Ms, 100; the largest is modelMs. Lower it, or promise more milliseconds.',
  );
});
