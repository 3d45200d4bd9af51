import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toText } from '../../cli/report/text';
import { usageReport } from '../../cli/report/usage-report';
import { type Advice, adviceOn, advisedSizes, patchText, sizesOf, withSizes } from '../../cli/usage/advice';
import { Prometheus } from '../../cli/usage/prometheus';
import { settingOf } from '../../cli/usage/setting';
import { CapacityPlan, parseConfig } from '../../src';
import type { ContainerUsage } from '../../src/sizing/recommended-size';
import { walk } from '../../src/synthesized/stack-json';
import { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { CLOUDS, stackOn } from '../stacks/both-clouds';
import { recommender } from './recommender';

const servers: Server[] = [];
const serve = async (listener: RequestListener) => {
  const server = createServer(listener);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const json =
  (answer: unknown, status = 200): RequestListener =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  };
afterAll(() => {
  for (const server of servers) server.close();
});

describe('a Prometheus', () => {
  test('is asked by its API below any path, with a token that it gets as bearer', async () => {
    const asked: unknown[] = [];
    const url = await serve((request, response) => {
      asked.push([request.url, request.headers.authorization]);
      json({ status: 'success', data: { resultType: 'vector', result: [] } })(request, response);
    });
    await new Prometheus(`${url}/tenant`, 'secret').query('up', 7);
    expect(asked).toEqual([['/tenant/api/v1/query?query=up&time=7', 'Bearer secret']]);
  });

  test('has numbers only: NaN, infinities and series without any other value are left out', async () => {
    const metric = { pod: 'a' };
    const values = [
      [1, 'NaN'],
      [2, '0.5'],
      [3, '+Inf'],
      [4, '1e3'],
    ];
    const result = [
      { metric, values },
      { metric, values: [[1, 'NaN']] },
    ];
    const url = await serve(json({ status: 'success', data: { resultType: 'matrix', result } }));
    expect(await new Prometheus(url).queryRange('up', { start: 1, end: 4, step: 1 })).toEqual([
      {
        labels: metric,
        samples: [
          [2, 0.5],
          [4, 1000],
        ],
      },
    ]);
  });

  test.each<[string, RequestListener, string]>([
    [
      'refuses',
      json({}, 401),
      'answered 401 to no token in RECOMMENDER_PROMETHEUS_TOKEN; set it to one that may read.',
    ],
    ['is a page', (_, response) => void response.end('<html>'), 'is no Prometheus: it answered 200 to /api/v1/query.'],
    ['has no such path', json({}, 404), 'is no Prometheus: it answered 404 to /api/v1/query.'],
    ['fails', json({ status: 'error', error: 'query timed out' }, 503), 'answered: query timed out.'],
  ])('that %s is told of in a line', async (_, listener, message) => {
    const url = await serve(listener);
    await expect(new Prometheus(url).query('up', 0)).rejects.toThrow(`${url}/ ${message}`);
  });

  test('that refuses a token is told of with it', async () => {
    const url = await serve(json({}, 403));
    await expect(new Prometheus(url, 'old').query('up', 0)).rejects.toThrow('answered 403 to the token of');
  });

  test.each([
    ['prometheus', undefined, '--prometheus is prometheus; allowed is an address such as http://127.0.0.1:9090.'],
    ['file:///etc/passwd', undefined, '--prometheus is file:///etc/passwd; allowed is an address'],
    [
      'https://me:secret@shop.test',
      undefined,
      '--prometheus has a login in it; set RECOMMENDER_PROMETHEUS_TOKEN instead.',
    ],
    ['http://shop.test', 'secret', 'RECOMMENDER_PROMETHEUS_TOKEN is for https, or for this machine'],
  ])('at %s is refused', (url, token, message) => {
    expect(() => new Prometheus(url, token)).toThrow(message);
  });
});

const flat = (value: number) => ({ p50: value, p90: value, p99: value, max: value });
const usage = (of: Partial<ContainerUsage>): ContainerUsage => ({
  namespace: 'monitoring',
  workload: 'Deployment/grafana',
  container: 'grafana',
  pods: 1,
  requested: { cpuMillis: 50, memoryMib: 256 },
  cpuMillis: flat(10),
  memoryMib: flat(100),
  hours: 168,
  outOfMemory: false,
  scaledByCpu: false,
  ...of,
});
const advice = (...usages: Partial<ContainerUsage>[]): Advice[] => adviceOn(usages.map(usage), new CapacityPlan());

describe('advised sizes', () => {
  test('are of what the config sizes only, and replace what it has of them', () => {
    const sizes = { grafana: { memoryMib: 300, cpuLimitMillis: 200 }, flagger: { cpuMillis: 30 } };
    expect(advisedSizes(advice({}, { namespace: 'shop', container: 'cart' }), sizes)).toEqual({
      flagger: { cpuMillis: 30 },
      grafana: { cpuMillis: 15, memoryMib: 128, cpuLimitMillis: 200 },
    });
  });

  test('are the largest of containers that share a setting', () => {
    const reloader = { container: 'config-reloader', requested: { cpuMillis: 10, memoryMib: 64 } };
    const two = [
      { ...reloader, workload: 'StatefulSet/prometheus', cpuMillis: flat(20), memoryMib: flat(20) },
      { ...reloader, workload: 'StatefulSet/alertmanager', cpuMillis: flat(30), memoryMib: flat(30) },
    ];
    // 34.5 and 34.5, rounded up.
    expect(advisedSizes(advice(...two), {})).toEqual({ configReloader: { cpuMillis: 35, memoryMib: 48 } });
  });

  test('are none where nothing changes', () => {
    expect(advisedSizes(advice({ cpuMillis: flat(43), memoryMib: flat(222) }), {})).toBeUndefined();
  });

  test('keep for the model server the CPU that its planned requests take, and for a cache its memory', () => {
    const server = {
      namespace: 'recommender',
      container: 'model-server',
      requested: { cpuMillis: 500, memoryMib: 768 },
    };
    const cache = {
      namespace: 'recommender',
      container: 'valkey-answers',
      requested: { cpuMillis: 100, memoryMib: 1024 },
    };
    // 600 requests a second at 60 % of 4,500 for each core: 222.2.
    expect(advisedSizes(advice({ ...server, cpuMillis: flat(20) }, cache), {})).toEqual({
      modelServer: { cpuMillis: 225, memoryMib: 128 },
      valkey: { cpuMillis: 15 },
    });
  });
});

test('long names are whole within 80 columns', () => {
  const container = 'kube-state-metrics';
  const text = toText(
    usageReport({
      name: 'prod',
      days: 7,
      advice: advice({ workload: `Deployment/kube-prometheus-stack-${container}`, container, throttledPercent: 5 }),
      node: { cpuMillis: 2000, memoryMib: 8192, cloud: 'aws' },
      nodeUsd: 50,
      remarks: [],
    }),
  );
  expect(text.split('\n').filter(({ length }) => length > 80)).toEqual([]);
  expect(text).not.toContain('…');
  expect(text.match(/kube-prometheus-stack-kube-state-metrics/g)).toHaveLength(4);
});

describe('a patch', () => {
  const config = parseConfig(
    {
      owner: 'shop',
      budget: { notify: ['platform@shop.example'] },
      environments: {},
      local: { context: 'kind-shop', sizes: { grafana: { cpuMillis: 20 } } },
    },
    'test',
  );

  test('is JSON of the config, a line for each container', () => {
    expect(patchText('local', { grafana: { cpuMillis: 20, memoryMib: 64 }, tempo: { cpuMillis: 30 } })).toBe(
      [
        '{ "local": { "sizes": {',
        '  "grafana": { "cpuMillis": 20, "memoryMib": 64 },',
        '  "tempo": { "cpuMillis": 30 }',
        '} } }',
        '',
      ].join('\n'),
    );
    expect(JSON.parse(patchText('prod', { tempo: { cpuMillis: 30 } }))).toEqual({
      environments: { prod: { sizes: { tempo: { cpuMillis: 30 } } } },
    });
  });

  test('is in the config that has it', () => {
    expect(sizesOf(config, 'local')).toEqual({ grafana: { cpuMillis: 20 } });
    const changed = withSizes(config, 'local', { tempo: { cpuMillis: 30 } });
    expect(sizesOf(changed, 'local')).toEqual({ tempo: { cpuMillis: 30 } });
    expect({ ...changed, local: undefined }).toEqual({ ...config, local: undefined });
  });
});

describe('settings of containers', () => {
  test.each(CLOUDS)('are found for all that the stacks of %s deploy without a chart', (cloud) => {
    const { json } = stackOn(cloud, { choices: { traces: true } });
    const { objects } = new SynthesizedStack(`${cloud}-prod`, json).contents;
    const found = objects.flatMap(({ kind, metadata, spec }) => {
      const pod = walk(spec, kind === 'CronJob' ? ['jobTemplate', 'spec', 'template'] : ['template']);
      const containers = (walk(pod, ['spec', 'containers']) ?? []) as { name: string }[];
      return containers.map(({ name }) => settingOf({ namespace: metadata.namespace ?? '', container: name }));
    });
    expect(found.sort()).toEqual(['modelFollower', 'modelServer', 'modelSync', 'traceCollector']);
  });

  test.each([
    ['monitoring', 'grafana-sc-dashboard', 'grafanaSidecar'],
    ['monitoring', 'kube-prometheus-stack', 'prometheusOperator'],
    ['external-secrets', 'webhook', 'externalSecretsWebhook'],
    ['shop', 'grafana', undefined],
    ['monitoring', 'kube-state-metrics-2', undefined],
  ])('%s/%s is %s', (namespace, container, setting) => {
    expect(settingOf({ namespace, container })).toBe(setting);
  });
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'usage-'));
  beforeAll(() => {
    const { local, ...config } = {
      owner: 'shop',
      budget: { notify: ['a@shop.example'] },
      environments: {},
      local: { context: 'kind' },
    };
    writeFileSync(join(folder, 'recommender.config.json'), JSON.stringify({ ...config, local }));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const report = (...args: string[]) => recommender(['report', ...args, '--project', folder]);

  test.each([
    [['usage'], 'usage needs --prometheus'],
    [['cost', '--prometheus', 'http://127.0.0.1:9090'], '--prometheus is for usage, or all'],
    [['usage', '--patch', 'sizes.json'], 'usage needs --prometheus'],
    [['all', '--patch', 'sizes.json'], '--patch needs --prometheus'],
    [['usage', '--prometheus', 'http://127.0.0.1:9090', '--days', '0'], 'allowed are whole numbers from 1 to 90'],
    [['usage', '--prometheus', 'prometheus'], '--prometheus is prometheus; allowed is an address'],
  ])(
    'refuses %j',
    async (args, message) => {
      const { exitCode, stderr } = await report(...args);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(message);
    },
    120_000,
  );

  test('fails in one line where nothing answers', async () => {
    const url = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const { exitCode, stderr } = await report('usage', '--prometheus', url);
    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /^recommender: http:\/\/127\.0\.0\.1:\d+\/ does not answer: connect ECONNREFUSED/,
    );
  }, 120_000);

  test('wants to be told which cluster it is where the config has several', async () => {
    const { exitCode, stderr } = await recommender([
      ...['report', 'usage', '--prometheus', 'http://127.0.0.1:9090', '--project', join(__dirname, '../..')],
    ]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'a Prometheus is of one cluster; name its environment by --environment: dev, prod, local.',
    );
  }, 120_000);
});
