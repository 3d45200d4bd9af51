import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addNode,
  type ControlPlane,
  type Helm,
  helmOn,
  OpenApi,
  objectOf,
  startControlPlane,
  succeed,
} from '@cdktf-recommender/rehearsal';
import { parse } from 'yaml';
import { applicationChart } from '../../../cli/manifests/application-chart';
import { unknownValue } from '../../../cli/manifests/chart-values';
import { knownContents, lookupIn } from '../../../cli/manifests/known-values';
import { placesOf, plainYaml } from '../../../cli/manifests/plain-yaml';
import { synthesizeStack } from '../../../cli/manifests/synthesize-stack';
import { writeFiles } from '../../../cli/manifests/written-files';
import { helmValues } from '../../../constructs/kubernetes/chart-release';
import { type ConfigInput, loadConfig, parseConfig } from '../../../src';
import { evaluate } from '../../../src/synthesized/expressions';
import { kubernetesObject } from '../../../src/synthesized/kubernetes-object';
import type { StackContents } from '../../../src/synthesized/stack-contents';

import { asManifest, byName, documents, inFolder } from './manifest-objects';
import { installKindsOf } from './operators-crds';

const ROOT = join(__dirname, '../../..');
const CHART = join(ROOT, 'charts/recommender');
const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
const config = loadConfig(ROOT);

/** What a chart of the application has: all of `manifests` but for the namespaces of operators. */
const applicationIn = (contents: StackContents) =>
  placesOf(contents)
    .filter(({ folder, object: { kind, metadata } }) =>
      kind === 'Namespace' ? metadata.name === 'recommender' : folder === 'manifests',
    )
    .map(({ object }) => object);

let controlPlane: ControlPlane;
let helm: Helm;
let openApi: OpenApi;
beforeAll(async () => {
  const onProgress = (line: string) => console.error(line);
  controlPlane = await startControlPlane({ onProgress });
  for (const zone of ['a', 'b']) await addNode(controlPlane, { name: `node-${zone}`, zone });
  helm = await helmOn(controlPlane, { onProgress });
  openApi = await OpenApi.of(controlPlane);
}, 1_800_000);
afterAll(async () => {
  await controlPlane?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('objects without a cluster', () => {
  it.each(['local', 'aws-dev', 'aws-prod', 'azure-dev', 'azure-prod'])(
    'of %s are those that the API server has by its own schema',
    (name) => {
      const stack = synthesizeStack(config, name);
      const find = lookupIn(stack, { set: {} }, () => 'unknown');
      const lookup = (address: readonly (string | number)[]): unknown => evaluate(find(address), lookup);
      const resources = Object.entries(stack.resource ?? {})
        .filter(([type]) => type.startsWith('kubernetes_'))
        .flatMap(([type, ofType]) => Object.values(ofType).map((resource) => ({ type, resource })));
      expect(resources.length).toBeGreaterThan(9);
      for (const { type, resource } of resources) {
        const values = evaluate(resource, lookup) as Readonly<Record<string, unknown>>;
        const bySchema = objectOf({ type, configuration: values, values }, openApi);
        expect(kubernetesObject(type, values)).toEqual(asManifest(bySchema));
      }
    },
  );
});

describe('kubectl apply', () => {
  const apply = (...files: string[]) =>
    succeed(
      controlPlane,
      ...['apply', '--server-side', '--field-manager=gitops', '--validate=strict'],
      ...files.flatMap((file) => ['-f', join(ROOT, file)]),
    );
  const versions = () =>
    succeed(
      controlPlane,
      ...['get', 'deployment,service,configmap,serviceaccount,networkpolicy,hpa,pdb', '-n', 'recommender'],
      '-o=jsonpath={range .items[*]}{.kind}/{.metadata.name}={.metadata.generation},{.metadata.managedFields[?(@.manager=="gitops")].time}{"\\n"}{end}',
    );

  it('takes every object of manifests/, refuses none, and changes nothing the second time', async () => {
    const first = (await apply('manifests/')).trim().split('\n');
    expect(first).toHaveLength(inFolder('manifests').length);
    expect(first.filter((line) => !line.endsWith(' serverside-applied'))).toEqual([]);
    await succeed(controlPlane, 'rollout', 'status', 'deployment/model-server', '-n', 'recommender', '--timeout=120s');
    const before = await versions();
    expect(before).toContain('Deployment/model-server=');
    await apply('manifests/');
    expect(await versions()).toBe(before);
  });

  it('leaves the replicas to the autoscaler, which starts the fewest', async () => {
    const path = '-o=jsonpath={.spec.replicas}';
    const replicas = () => succeed(controlPlane, 'get', 'deployment/model-server', '-n', 'recommender', path);
    await succeed(
      controlPlane,
      ...['wait', '--for=jsonpath={.spec.replicas}=2', 'deployment/model-server', '-n', 'recommender', '--timeout=90s'],
    );
    await apply('manifests/');
    expect(await replicas()).toBe('2');
  }, 120_000);

  it('takes the rules and monitors of monitoring/ by the definitions of their operator', async () => {
    await installKindsOf(controlPlane, 'prometheusOperator');
    const applied = (await apply('monitoring/')).trim().split('\n');
    expect(applied).toHaveLength(inFolder('monitoring').length);
    expect(applied).toEqual(
      expect.arrayContaining([
        'podmonitor.monitoring.coreos.com/model-server serverside-applied',
        'prometheusrule.monitoring.coreos.com/recommender serverside-applied',
      ]),
    );
    const { exitCode, output } = await controlPlane.kubectl(
      ...['diff', '--server-side', '--field-manager=gitops', '-f', join(ROOT, 'monitoring')],
    );
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: '' });
  }, 300_000);

  it('refuses a field that the API does not know', async () => {
    const file = join(folder, 'wrong.yaml');
    const service = readFileSync(join(ROOT, 'manifests/10-service.yaml'), 'utf8');
    writeFileSync(file, service.replace('targetPort', 'target_port'));
    const { exitCode, output } = await controlPlane.kubectl(
      ...['apply', '--server-side', '--field-manager=gitops', '--validate=strict', '-f', file],
    );
    expect(output).toContain('target_port');
    expect(exitCode).not.toBe(0);
  });

  it('deletes all of it again', async () => {
    const folders = ['manifests', 'monitoring'].flatMap((name) => ['-f', join(ROOT, name)]);
    await succeed(controlPlane, 'delete', ...folders, '--timeout=100s');
    expect(await succeed(controlPlane, 'get', ...folders, '--ignore-not-found')).toBe('');
  }, 150_000);
});

/** What a config may choose for a cluster. */
const EVERYTHING: Partial<NonNullable<ConfigInput['local']>> = {
  gateway: {
    hostname: 'recommendations.shop.test',
    certificate: { kind: 'acme', email: 'oncall@shop.test' },
    authentication: { kind: 'jwt', issuer: 'shop', audiences: ['api'], jwksUri: 'https://shop.test/keys' },
  },
  delivery: { kind: 'canary' },
  autoscaling: { kind: 'keda' },
};

describe('a stack with every operator that a config may choose', () => {
  const input = { owner: 'shop', budget: { notify: ['oncall@shop.test'] }, environments: {} };
  const chosen = parseConfig({ ...input, local: { context: 'kind', ...EVERYTHING } }, 'test');
  const contents = knownContents(synthesizeStack(chosen, 'local'), { set: {} }, () => undefined);
  const out = join(folder, 'everything');
  const apply = (...command: string[]) =>
    succeed(
      controlPlane,
      ...command,
      ...['--server-side', '--field-manager=gitops', '-f', join(out, 'manifests'), '-f', join(out, 'monitoring')],
    );

  it('has its objects taken by the definitions of all of them, and nothing changes the second time', async () => {
    await installKindsOf(controlPlane, 'certManager', 'envoyGateway', 'flagger', 'keda', 'prometheusOperator');
    await writeFiles(out, plainYaml('local', contents));
    const namespaces = ['manifests', 'monitoring'].flatMap((name) => ['-f', join(out, name, '00-namespace.yaml')]);
    await succeed(controlPlane, 'apply', '--server-side', '--field-manager=gitops', ...namespaces);
    const kinds = new Set((await apply('apply', '--validate=strict')).split('\n').map((line) => line.split('/')[0]));
    for (const kind of [
      'canary.flagger.app',
      'gateway.gateway.networking.k8s.io',
      'gatewayclass.gateway.networking.k8s.io',
      'issuer.cert-manager.io',
      'metrictemplate.flagger.app',
      'scaledobject.keda.sh',
      'securitypolicy.gateway.envoyproxy.io',
    ]) {
      expect(kinds).toContain(kind);
    }
    expect(await apply('diff')).toBe('');
  }, 300_000);

  it('is a chart that renders them, with what looks like its own expressions as text', async () => {
    await writeFiles(out, applicationChart('local', '1.0.0', contents));
    const rendered = documents(await helm('template', 'shop', join(out, 'charts/recommender')));
    expect(byName(rendered)).toEqual(byName(applicationIn(contents)));
    expect(JSON.stringify(rendered)).toContain('namespace=\\"{{ namespace }}\\"');
  });

  it('is deleted again, and nothing of it is left', async () => {
    const folders = ['manifests', 'monitoring'].flatMap((name) => ['-f', join(out, name)]);
    await succeed(controlPlane, 'delete', ...folders, '--timeout=100s');
    expect(await succeed(controlPlane, 'get', ...folders, '--ignore-not-found')).toBe('');
  }, 150_000);
});

describe('the chart recommender', () => {
  const valuesFile = (values: object) => {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, helmValues(values));
    return file;
  };
  const rendered = async (...args: string[]) => byName(documents(await helm('template', 'shop', ...args, CHART)));

  it('has nothing that Helm warns of', async () => {
    expect(await helm('lint', '--strict', CHART)).toContain('0 chart(s) failed');
  });

  it('renders what manifests/ has, with the values that it has', async () => {
    expect(await rendered()).toEqual(byName(inFolder('manifests')));
  });

  it('has the hash of the settings that are set, the store among them', async () => {
    const hash = async (...args: string[]) =>
      JSON.stringify((await rendered(...args))['Deployment recommender/model-server']).match(
        /settings-sha256":"(\w+)/,
      )?.[1];
    expect(await hash('--set', 'modelStoreUrl=s3://models')).not.toBe(await hash());
    expect(await hash('--set-string', 'settings.RECOMMENDER_DEADLINE_MS=90')).not.toBe(await hash());
    expect(await hash('--set', 'image=model-server:2')).toBe(await hash());
  });

  it('sets what its values say, each in its place', async () => {
    const annotations = { 'example.com/identity': 'reader' };
    const resources = { limits: null, requests: { cpu: '2', memory: null, 'ephemeral-storage': null } };
    const values = {
      resources,
      serviceAccount: { annotations },
      replicas: { min: 3, max: 9 },
      createNamespaces: false,
    };
    const objects = await rendered(
      '-f',
      valuesFile({ ...values, settings: { template: '{{ .Values.image }}', on: 'yes' } }),
    );
    expect(Object.keys(objects).filter((name) => name.startsWith('Namespace'))).toEqual([]);
    expect(objects['ServiceAccount recommender/model-server']?.metadata).toMatchObject({ annotations });
    expect(objects['HorizontalPodAutoscaler recommender/model-server']?.spec).toMatchObject({
      minReplicas: 3,
      maxReplicas: 9,
    });
    expect(objects['ConfigMap recommender/model-server']?.data).toMatchObject({
      template: '{{ .Values.image }}',
      on: 'yes',
    });
    expect(objects['Deployment recommender/model-server']?.spec).toMatchObject({
      template: { spec: { containers: [expect.objectContaining({ resources: { requests: { cpu: '2' } } })] } },
    });
  });

  it.each([
    ['no image', { image: '' }, 'image'],
    ['a setting that is no text', { settings: { RECOMMENDER_PORT: 8080 } }, 'RECOMMENDER_PORT'],
    ['a bound below one', { replicas: { min: 0, max: 2 } }, 'min'],
    ['a value that it does not know', { imagee: 'x' }, 'imagee'],
  ])('refuses %s', async (_, values, name) => {
    await expect(helm('template', 'shop', '-f', valuesFile(values), CHART)).rejects.toThrow(
      new RegExp(`values don't meet the specifications of the schema[^]*${name}`),
    );
  });

  it.each(['aws-prod', 'azure-prod'])(
    'of %s refuses to do without what only the cloud knows, and with it renders what manifests have',
    async (name) => {
      const stack = synthesizeStack(config, name);
      const chart = applicationChart(name, '1.0.0', knownContents(stack, { set: {} }, unknownValue));
      await writeFiles(join(folder, name), chart);
      const template = (...args: string[]) =>
        helm('template', 'shop', ...args, join(folder, name, 'charts/recommender'));
      await expect(template()).rejects.toThrow(/values don't meet the specifications of the schema.*image/s);

      const values = parse(chart['charts/recommender/values.yaml'] ?? '', (_, value) =>
        value === '' ? 'given' : value,
      );
      const plain = applicationIn(knownContents(stack, { set: {} }, () => 'given'));
      expect(byName(documents(await template('-f', valuesFile(values))))).toEqual(byName(plain));
    },
  );

  it('is installed, upgraded, rolled back and uninstalled, and its objects with it', async () => {
    const deadline = () =>
      succeed(
        controlPlane,
        ...['get', 'configmap/model-server', '-n', 'recommender', '-o=jsonpath={.data.RECOMMENDER_DEADLINE_MS}'],
      );
    const set = (milliseconds: number) => ['--set-string', `settings.RECOMMENDER_DEADLINE_MS=${milliseconds}`];
    const notes = await helm('install', 'shop', '--wait', '--timeout', '90s', CHART);
    expect(notes).toContain('kubectl port-forward --namespace recommender service/model-server 8080:80');
    expect(notes).not.toContain('Written by');
    expect(await deadline()).toBe('80');
    const pods = () => succeed(controlPlane, 'get', 'pods', '-n', 'recommender', '-o=name');
    const before = await pods();
    await helm('upgrade', 'shop', '--wait', '--timeout', '90s', ...set(95), CHART);
    expect(await deadline()).toBe('95');
    // Pods that read the old settings are gone.
    for (const pod of before.trim().split('\n')) expect(await pods()).not.toContain(pod);
    await helm('rollback', 'shop', '1', '--wait', '--timeout', '90s');
    expect(await deadline()).toBe('80');
    await helm('uninstall', 'shop', '--wait', '--timeout', '90s');
    expect(await succeed(controlPlane, 'get', '-f', join(ROOT, 'manifests'), '--ignore-not-found')).toBe('');
  }, 400_000);
});
