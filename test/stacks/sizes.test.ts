import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SIZED_CONTAINERS } from '../../src';
import { CLOUDS, type Options, stackOn } from './both-clouds';

type Choices = NonNullable<Options['choices']>;

const EVERYTHING: Choices = {
  gateway: {
    hostname: 'recommendations.shop.test',
    certificate: { kind: 'acme', email: 'oncall@shop.test' },
    authentication: { kind: 'none' },
  },
  delivery: { kind: 'canary' },
  autoscaling: { kind: 'keda', schedules: [] },
  logs: { kind: 'loki' },
  caches: ['histories'],
  traces: true,
  costs: true,
  probes: true,
  runtimeDetection: true,
};
const AWS_ONLY = { domain: { name: 'shop.test' }, cache: {} };

/** A size for each container that no other has. */
const SIZES = Object.fromEntries(
  SIZED_CONTAINERS.map((name, index) => [name, { cpuMillis: 101 + index, memoryMib: 401 + 2 * index }]),
);
const text = (cloud: (typeof CLOUDS)[number], choices: Choices, settings?: object) =>
  JSON.stringify(stackOn(cloud, { choices: { ...choices, sizes: SIZES }, settings }).json);
const missing = (texts: readonly string[]) =>
  SIZED_CONTAINERS.filter((name) => {
    const { cpuMillis, memoryMib } = SIZES[name] as { cpuMillis: number; memoryMib: number };
    return !texts.some((one) => one.includes(`${cpuMillis}m`) && one.includes(`${memoryMib}Mi`));
  });

test('every size of the config is what its container asks for, on AWS', () => {
  const texts = [
    text('aws', EVERYTHING),
    text('aws', EVERYTHING, AWS_ONLY),
    text('aws', { logs: { kind: 'elasticsearch' } }),
  ];
  expect(missing(texts)).toEqual([]);
});

test('every size of the config is what its container asks for, on Azure, but for what is on AWS only', () => {
  const texts = [text('azure', EVERYTHING), text('azure', { logs: { kind: 'elasticsearch' } })];
  expect(missing(texts)).toEqual([
    'externalDns',
    'externalSecrets',
    'externalSecretsWebhook',
    'externalSecretsCertController',
  ]);
});

describe.each(CLOUDS)('on %s', (cloud) => {
  const resources = (construct: string, sizes: Choices['sizes']) => {
    const deployments = Object.entries(stackOn(cloud, { choices: { sizes } }).resources('kubernetes_deployment_v1'));
    // biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
    const [, { spec }]: any = deployments.find(([id]) => id.startsWith(`${construct}_`));
    return spec.template.spec.container[0].resources;
  };

  test('what a size leaves out is as the library has it, and the limit is never below the request', () => {
    expect(resources('ModelServer', { modelServer: { memoryMib: 1000 } })).toMatchObject({
      requests: { cpu: '500m', memory: '1000Mi' },
      limits: { cpu: '2', memory: '1000Mi' },
    });
    expect(resources('ModelFollower', { modelFollower: { cpuMillis: 600 } })).toMatchObject({
      requests: { cpu: '600m' },
      limits: { cpu: '600m' },
    });
  });

  test('nodes are counted for the sizes that are set', () => {
    const [type, bounds] =
      cloud === 'aws' ? ['aws_eks_node_group', 'scaling_config'] : ['azurerm_kubernetes_cluster', 'default_node_pool'];
    const most = (sizes: Choices['sizes']) => {
      // biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
      const block: any = stackOn(cloud, { choices: { sizes } }).resource(type as string)[bounds as string];
      return block.max_size ?? block.max_count;
    };
    // Fifty replicas, of which a node of two vCPUs holds three of 500m and one of 1,000m.
    expect(most({ modelServer: { cpuMillis: 1000 } })).toBeGreaterThanOrEqual(50);
    expect(most({})).toBeLessThan(30);
  });

  test('a limit below the request is refused', () => {
    expect(() => stackOn(cloud, { choices: { sizes: { grafana: { cpuLimitMillis: 20 } } } })).toThrow(
      'sizes.grafana.cpuLimitMillis is 20, and the container requests 50; allowed is no less. Raise it, or lower cpuMillis.',
    );
  });
});

test('a container that there is not is refused with those that there are', () => {
  const choices = { sizes: { sidecar: { cpuMillis: 20 } } } as unknown as Choices;
  expect(() => stackOn('aws', { choices })).toThrow(/unknown key sidecar; allowed are modelServer, modelFollower/);
});

test('the page lists the containers that there are', () => {
  const page = readFileSync(join(__dirname, '../../docs/usage.md'), 'utf8');
  const [, names = ''] = /## Names\n\n(.+?)(?:\n\n|$)/s.exec(page) ?? [];
  expect([...names.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual([...SIZED_CONTAINERS]);
});
