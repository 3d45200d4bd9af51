import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { ApiGateway, AutoScalingService, FargateService, LambdaBackend, ReadFunction } from '../../../constructs/aws';
import { CapacityPlan, loadConfig, ServiceLevelObjective, type ServiceLevelObjectiveProps } from '../../../src';
import { standardError } from '../../../src/availability/simulate';
import {
  AvailabilityGuard,
  type AvailabilityGuardProps,
  availabilityReport,
  guardStacks,
  implyResource,
  synthesizedStack,
} from '../../../src/guards';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';
import { AwsStack } from '../../../stacks/aws-stack';
import { addKey, addStores, IMAGE } from '../../constructs/aws/function-fixtures';
import { serverProps } from '../../constructs/aws/server-fixtures';
import { configStacks } from '../../helpers/config-stacks';
import { aks, eks } from './clusters';

const capacity = new CapacityPlan();
const report = (stack: SynthesizedStack, requires?: AvailabilityGuardProps['requires']) => {
  const [one] = availabilityReport([stack], { slo: new ServiceLevelObjective(), capacity, requires, trials: 0 }).stacks;
  if (!one) throw new Error(`${stack.name} has nothing that answers requests`);
  return one;
};
const parts = (stack: SynthesizedStack) => report(stack).parts.map(({ name, level }) => [name, level?.percent]);
const found = (
  stacks: readonly SynthesizedStack[],
  { slo = {}, ...props }: { slo?: ServiceLevelObjectiveProps } & Partial<Omit<AvailabilityGuardProps, 'slo'>> = {},
) =>
  new AvailabilityGuard({ slo: new ServiceLevelObjective(slo), ...props })
    .check(stacks)
    .map(({ severity, path, message }) => `${severity}: [${path}] ${message}`);

const at = (path: string) => ({ '//': { metadata: { path } } });
const EDGE = { aws_cloudfront_distribution: { Edge: { ...at('shop/Edge') } } };
const STORE = {
  aws_s3_bucket: { Models: { ...at('shop/Models'), bucket: 'shop-models' }, Logs: { bucket: 'shop-logs' } },
  kubernetes_config_map_v1: {
    Settings: { metadata: { name: 'model-server' }, data: { RECOMMENDER_STORE: 's3://shop-models/production' } },
  },
};
const balancer = (subnets: unknown) => ({ aws_lb: { Balancer: { ...at('shop/Balancer'), subnets } } });

describe('what a request passes', () => {
  test('nodes of EKS in two zones: the region’s promise, and each node with its zone', () => {
    expect(parts(eks()).sort()).toEqual([
      ['EC2 in its region', 99.99],
      ['node 1', 99.5],
      ['node 2', 99.5],
      ['zone 1', 99.5],
      ['zone 2', 99.5],
    ]);
    // Either node with its zone.
    expect(report(eks()).percent).toBeCloseTo(99.99 * (1 - (1 - 0.995 ** 2) ** 2), 5);
  });

  test('in one zone nothing is promised of the region', () => {
    expect(parts(eks({ zones: 1, min: 1 })).sort()).toEqual([
      ['node 1', 99.5],
      ['zone 1', 99.5],
    ]);
  });

  test('nodes of AKS, by what Azure promises', () => {
    expect(report(aks()).percent).toBeCloseTo(99.99 * (1 - (1 - 0.999 ** 2) ** 2), 5);
  });

  test('a load balancer is gone with the last of the zones that it shares with the nodes, not once more', () => {
    const stack = eks({ more: balancer([`\${aws_subnet.Subnet1.id}`, `\${aws_subnet.Subnet2.id}`]) });
    expect(report(stack).percent).toBeCloseTo(0.9999 * report(eks()).percent, 5);
    const oneZone = report(eks({ more: balancer([`\${aws_subnet.Subnet1.id}`]) }));
    expect(oneZone.parts[0]).toMatchObject({ name: 'zone 1' });
    expect(oneZone.parts.find(({ name }) => name === 'load balancer')?.level?.percent).toBe(99.9);
  });

  test('a load balancer that a controller makes, told of or known by its Service', () => {
    const service = { kubernetes_service_v1: { Api: { metadata: { name: 'api' }, spec: { type: 'LoadBalancer' } } } };
    expect(parts(eks({ more: service }))).toContainEqual(['load balancer', 99.99]);
    const stack = new TerraformStack(new App(), 'shop');
    implyResource(stack, { type: 'aws_lb', block: {}, madeBy: 'a controller' });
    const implied = new SynthesizedStack('shop', eks().json, synthesizedStack(stack).resources);
    expect(parts(implied)).toContainEqual(['load balancer', 99.99]);
  });

  test('names and edge, once each however many there are, and no zone that only a network sees', () => {
    const more = {
      aws_cloudfront_distribution: { One: {}, Two: {} },
      aws_route53_zone: { Public: {}, Private: { vpc: [{ vpc_id: 'vpc-1' }] } },
    };
    const names = parts(eks({ more })).map(([name]) => name);
    expect(names.filter((name) => ['CloudFront', 'Route 53'].includes(String(name)))).toEqual([
      'CloudFront',
      'Route 53',
    ]);
    const { aws_route53_zone } = { aws_route53_zone: { Private: { vpc: [{ vpc_id: 'vpc-1' }] } } };
    expect(parts(eks({ more: { aws_route53_zone } })).map(([name]) => name)).not.toContain('Route 53');
  });

  test('functions, where something leads to them', () => {
    const lambda = { Read: { ...at('shop/Read') }, Retrain: {} };
    const json = (more: object) => new SynthesizedStack('shop', { resource: { aws_lambda_function: lambda, ...more } });
    const url = { aws_lambda_function_url: { Url: { function_name: `\${aws_lambda_function.Read.function_name}` } } };
    const api = {
      aws_apigatewayv2_api: { Api: {} },
      aws_lambda_alias: { Live: { function_name: `\${aws_lambda_function.Read.function_name}` } },
      aws_apigatewayv2_integration: { Read: { integration_uri: `\${aws_lambda_alias.Live.invoke_arn}` } },
    };
    expect(parts(json(url))).toEqual([['functions', 99.95]]);
    expect(parts(json(api)).sort()).toEqual([
      ['API Gateway', 99.95],
      ['functions', 99.95],
    ]);
    expect(() => report(json({}))).toThrow('nothing that answers requests');
  });

  test('a function behind an API Gateway, which is a hair above 99.9 %', () => {
    const stack = new TerraformStack(new App(), 'shop');
    new AwsProvider(stack, 'Aws', { region: 'us-east-1' });
    const { modelStore } = addStores(stack);
    const read = new ReadFunction(stack, 'Read', {
      functionName: 'shop-prod-read',
      image: IMAGE,
      key: addKey(stack),
      modelStore,
      model: 'shop',
    });
    new ApiGateway(stack, 'Api', {
      apiName: 'shop-prod',
      backend: new LambdaBackend(read),
      tokens: { issuer: 'https://login.example.com', audiences: ['recommender'] },
      capacity,
    });
    const { percent, soft, parts } = report(synthesizedStack(stack));
    expect(parts.map(({ name }) => name).sort()).toEqual(['API Gateway', 'functions']);
    expect(percent).toBeCloseTo(99.95 * 0.9995, 6);
    expect(soft.map(({ name }) => name)).toEqual(['model store']);
  });

  test.each([
    ['Fargate', FargateService, 'Fargate in its region', 'task'],
    ['machines', AutoScalingService, 'EC2 in its region', 'machine'],
  ] as const)('%s behind a load balancer, in the zones of the network', (_, Service, region, what) => {
    const stack = new TerraformStack(new App(), 'shop');
    new AwsProvider(stack, 'Aws', { region: 'us-east-1' });
    new Service(stack, 'Service', serverProps(stack));
    expect(report(synthesizedStack(stack)).soft.map(({ name }) => name)).toContain('model store');
    expect(parts(synthesizedStack(stack)).sort()).toEqual(
      [
        ['load balancer', 99.99],
        [region, 99.99],
        [`${what} 1`, 99.5],
        [`${what} 2`, 99.5],
        ['zone 1', 99.5],
        ['zone 2', 99.5],
      ].sort(),
    );
  });

  test('as many nodes have to be there as hold the replicas that bear the peak', () => {
    const [small, large] = [{ concurrentUsers: 10_000 }, { concurrentUsers: 70_000 }].map((plan) => {
      const options = { slo: new ServiceLevelObjective(), capacity: new CapacityPlan(plan), trials: 0 };
      return availabilityReport([eks({ min: 3, zones: 3 })], options).stacks[0]?.percent;
    });
    // Six replicas of 1,350 a second, on two of three nodes.
    const node = 0.995 ** 2;
    expect(small).toBeCloseTo(99.99 * (1 - (1 - node) ** 3), 5);
    expect(large).toBeCloseTo(99.99 * (node ** 3 + 3 * node ** 2 * (1 - node)), 5);
  });
});

test('machines of two clouds, or of two services, are not each other’s', () => {
  const both = new SynthesizedStack('shop', { resource: { ...eks().json.resource, ...aks().json.resource } });
  expect(report(both).percent).toBeCloseTo((report(eks()).percent * report(aks()).percent) / 100, 5);
  const group = { target_group_arns: ['arn'], min_size: 1, vpc_zone_identifier: ['subnet-1'] };
  const groups = (names: string[]) => {
    const resource = { aws_autoscaling_group: Object.fromEntries(names.map((name) => [name, group])) };
    return report(new SynthesizedStack('shop', { resource })).percent;
  };
  // One zone, which they share, and a machine of each.
  expect([groups(['One']), groups(['One', 'Two'])]).toEqual(
    [100 * 0.995 ** 2, 100 * 0.995 ** 3].map((p) => Number(p.toFixed(9))),
  );
});

test('a group that waits for the next version, empty, takes nothing away', () => {
  const group = (max_size: number) => ({
    target_group_arns: ['arn'],
    min_size: Math.min(1, max_size),
    max_size,
    vpc_zone_identifier: ['subnet-1'],
  });
  const percent = (green: number) =>
    report(
      new SynthesizedStack('shop', { resource: { aws_autoscaling_group: { Blue: group(9), Green: group(green) } } }),
    ).percent;
  expect(percent(0)).toBeCloseTo(100 * 0.995 ** 2, 9);
  expect(percent(9)).toBeLessThan(percent(0));
});

test('what it does without is told, with what is answered then, and costs nothing', () => {
  const cluster = { aws_eks_cluster: { Cluster: { ...at('shop/Cluster') } } };
  const stack = eks({ more: { ...STORE, ...cluster, aws_nat_gateway: { Nat: {} } } });
  const { soft, percent } = report(stack);
  expect(soft.map(({ name, path, level }) => [name, path, level?.percent])).toEqual([
    ['model store', 'shop/Models', 99.9],
    ['control plane', 'shop/Cluster', 99.95],
    ['egress', 'shop/Nat', undefined],
  ]);
  expect(soft[0]?.without).toBe('pods go on with the version that they have, new ones start with that of their image');
  expect(percent).toBe(report(eks()).percent);
});

function withTier(sku_tier: string): SynthesizedStack {
  const { json } = aks();
  const cluster = { ...json.resource?.azurerm_kubernetes_cluster?.Cluster, sku_tier };
  return new SynthesizedStack('shop', {
    resource: { ...json.resource, azurerm_kubernetes_cluster: { Cluster: cluster } },
  });
}

test('the Free tier of AKS promises nothing, the Standard one does', () => {
  const levels = (sku_tier: string) => report(withTier(sku_tier)).soft.map(({ level }) => level?.percent);
  expect([levels('Free'), levels('Standard')]).toEqual([[undefined], [99.95]]);
});

test('stacks that promise enough are let through', () => {
  expect(found([eks({ more: STORE }), aks()])).toEqual([]);
});

test.each<[string, SynthesizedStack, Parameters<typeof found>[1]]>([
  ['an edge that promises no more than the service', eks({ more: EDGE }), {}],
  ['nodes in one zone', eks({ zones: 1 }), {}],
  ['a load balancer in one zone', eks({ more: balancer([`\${aws_subnet.Subnet1.id}`]) }), {}],
  ['a model store that the service can not do without', eks({ more: STORE }), { requires: ['model store'] }],
  [
    'a control plane that it can not do without, of which nothing is promised',
    withTier('Free'),
    { requires: ['control plane'] },
  ],
  ['a promise that nobody makes', eks(), { slo: { availabilityPercent: 99.99 } }],
])('fails with %s', (_, stack, props) => {
  expect(found([stack], props).join('\n')).toMatchSnapshot();
});

test('each stack that falls short is told of, and what they would come to together', () => {
  const messages = found([eks({ name: 'one', zones: 1 }), aks({ name: 'two' }), eks({ name: 'three', zones: 1 })]);
  expect(messages.map((message) => /\[(\w+)/.exec(message)?.[1])).toEqual(['one', 'three']);
  expect(messages[0]).toContain(' All stacks together would come to 99.9999 %, if callers changed over.');
});

test('a stack in which nothing answers requests promises nothing', () => {
  expect(found([new SynthesizedStack('other', { resource: STORE })])).toEqual([]);
});

test('a report is plain data, one cloud against two, and a simulation of the same graph agrees within its error', () => {
  const stacks = [eks({ name: 'one' }), aks({ name: 'two' })];
  const trials = 1_000_000;
  const both = availabilityReport(stacks, { slo: new ServiceLevelObjective(), capacity, trials });
  expect(JSON.parse(JSON.stringify(both))).toEqual(both);
  const [one, two] = both.stacks;
  expect(both.together?.percent).toBeCloseTo(100 - (100 - (one?.percent ?? 0)) * (1 - (two?.percent ?? 0) / 100), 5);
  for (const { percent, simulated } of both.stacks) {
    const error = 100 * standardError(percent / 100, trials);
    expect(Math.abs((simulated?.percent ?? 0) - percent)).toBeLessThan(4 * error);
  }
});

describe('our own stacks', () => {
  test('a synth fails with what is found, on the construct that it is about', () => {
    const config = loadConfig('examples/regulated.config.ts');
    const slo = new ServiceLevelObjective({ availabilityPercent: 99.9 });
    const outdir = mkdtempSync(join(tmpdir(), 'availability-'));
    try {
      const app = new App({ outdir });
      const stack = new AwsStack(app, { config, environment: 'prod' });
      guardStacks([stack], [new AvailabilityGuard({ slo, capacity: stack.capacity })]);
      expect(() => app.synth()).toThrow(
        "[aws-prod/Edge/Resource] by the clouds' promises requests are answered 99.8799 % of the time, 51.9 minutes a month",
      );
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });

  const reports = (file: string) => {
    const config = loadConfig(file);
    const slo = new ServiceLevelObjective({ ...config.slo, latency: config.latency });
    const stacks = Object.values(configStacks(config));
    const plan = new CapacityPlan(config.capacity);
    const findings = new AvailabilityGuard({ slo, capacity: plan }).check(stacks);
    return { findings, ...availabilityReport(stacks, { slo, capacity: plan }) };
  };

  test.each(['recommender.config.ts', 'examples/regulated.config.ts'])('%s keeps its promise', (file) => {
    const { findings, stacks } = reports(file);
    expect(findings).toEqual([]);
    expect(
      stacks.map(({ stack, percent, minutesAMonth, parts: [weakest] }) => {
        return `${stack}: ${percent.toFixed(3)} %, ${minutesAMonth.toFixed(1)} minutes a month; ${weakest?.name} first`;
      }),
    ).toMatchSnapshot();
    for (const { percent, simulated } of stacks) {
      const error = 100 * standardError(percent / 100, simulated?.trials ?? 0);
      expect(Math.abs((simulated?.percent ?? 0) - percent)).toBeLessThan(4 * error);
    }
  });
});
