import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addNode,
  apply,
  type ControlPlane,
  OpenApi,
  objectOf,
  startControlPlane,
  succeed,
} from '@cdktf-recommender/rehearsal';
import { parse } from 'yaml';
import { rehearseStack } from '../../../cli/rehearsal';
import {
  ArgoWorkflows,
  PodPolicies,
  TRAINER_SERVICE_ACCOUNT,
  Trainer,
  TrainingData,
  TrainingJobs,
  TrainingWorkflow,
} from '../../../constructs/kubernetes';
import { loadConfig } from '../../../src';
import { identity, inCluster, modelServer } from '../../constructs/kubernetes/fixtures';

const REGISTRY = 'registry.example.com/recommender';
const IMAGE = `${REGISTRY}/model-server@sha256:${'a'.repeat(64)}`;
const OPERATOR = { namespace: 'cert-manager', serviceAccountName: 'cert-manager' };
const IN = ['-n', 'recommender'];

const objects: object[] = parse(
  (
    inCluster((stack, namespace) => {
      new PodPolicies(stack, 'Policies', { namespace, registries: [REGISTRY], exempt: [OPERATOR] });
    }).resource('helm_release').values as string[]
  )[0] as string,
  { version: '1.1' },
).objects;

// biome-ignore lint/suspicious/noExplicitAny: any field of a pod
type Json = any;
const container = (changes: Json = {}) => ({
  name: 'app',
  image: IMAGE,
  resources: {
    requests: { cpu: '10m', memory: '16Mi' },
    limits: { cpu: '20m', memory: '16Mi', 'ephemeral-storage': '16Mi' },
  },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
  ...changes,
});
const security = (changes: Json) => ({ securityContext: { ...container().securityContext, ...changes } });
const template = (changes: Json = {}, labels: Json = { 'app.kubernetes.io/name': 'app' }) => ({
  metadata: { labels },
  spec: { containers: [container()], ...changes },
});
const pod = (changes?: Json, labels?: Json): Json => {
  const { metadata, spec } = template(changes, labels);
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app', ...metadata }, spec };
};
const withContainer = (changes: Json) => pod({ containers: [container(changes)] });
const labels = { 'app.kubernetes.io/name': 'app' };
const workload = (apiVersion: string, kind: string, spec: Json): Json => ({
  apiVersion,
  kind,
  metadata: { name: 'app' },
  spec,
});
const job = (changes?: Json) => ({ template: template({ restartPolicy: 'Never', ...changes }) });

const folder = mkdtempSync(join(tmpdir(), 'pods-'));
let controlPlane: ControlPlane;

/** What the API server answers to a new object of the namespace, which it doesn't keep. */
async function answer(object: Json, ...more: string[]): Promise<string> {
  const file = join(folder, 'object.json');
  writeFileSync(file, JSON.stringify({ ...object, metadata: { ...object.metadata, namespace: 'recommender' } }));
  const { exitCode, output } = await controlPlane.kubectl('create', '--dry-run=server', '-f', file, ...more);
  return exitCode === 0 ? `created: ${output}` : output;
}

/** The API server compiles a policy a moment after it is there. */
async function until(done: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) if (await done()) return;
  throw new Error('the policy is not in force after 200 attempts');
}

beforeAll(async () => {
  controlPlane = await startControlPlane({ onProgress: (line) => console.error(line) });
  for (const zone of ['a', 'b', 'c'])
    await addNode(controlPlane, { name: `node-${zone}`, zone, cpu: '16', memory: '64Gi' });
  // Without the labels of Pod Security, which would refuse some of these pods before the policy is asked.
  for (const name of ['recommender', 'elsewhere']) {
    await apply(controlPlane, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]);
    await succeed(controlPlane, 'wait', '--for=create', 'serviceaccount/default', '-n', name, '--timeout=60s');
  }
  await apply(controlPlane, objects);
  await until(async () => (await answer(withContainer({ image: 'nginx' }))).includes('denied request'));
}, 1_800_000);
afterAll(async () => {
  await controlPlane?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What is said of a pod that is as it should be, but for this. */
const REFUSED: [what: string, pod: Json, message: string][] = [
  [
    'an image by tag',
    withContainer({ image: `${REGISTRY}/model-server:1.0` }),
    'container app has an image without a digest; allowed is registry/path@sha256:<64 hex digits>.',
  ],
  [
    'an image by half a digest',
    withContainer({ image: `${REGISTRY}/model-server@sha256:abc` }),
    'container app has an image without a digest',
  ],
  [
    'an init container by tag',
    pod({ initContainers: [container({ name: 'init', image: `${REGISTRY}/init:1.0` })] }),
    'container init has an image without a digest',
  ],
  [
    'an image of another registry',
    withContainer({ image: `registry.example.com/other@sha256:${'a'.repeat(64)}` }),
    'container app has an image of another registry; allowed are registry.example.com/recommender/.',
  ],
  [
    'an image of a registry whose name begins alike',
    withContainer({ image: `registry.example.com/recommender-not-ours/app@sha256:${'a'.repeat(64)}` }),
    'container app has an image of another registry',
  ],
  [
    'a privileged container',
    withContainer(security({ privileged: true, allowPrivilegeEscalation: true })),
    'container app is privileged; leave securityContext.privileged out.',
  ],
  [
    'a container that may gain privileges',
    withContainer(security({ allowPrivilegeEscalation: undefined })),
    'container app may gain privileges; set securityContext.allowPrivilegeEscalation to false.',
  ],
  [
    'a container that keeps its capabilities',
    withContainer(security({ capabilities: undefined })),
    'container app has capabilities; set',
  ],
  [
    'a container with a capability more',
    withContainer(security({ capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } })),
    'container app has capabilities; set',
  ],
  [
    'a root file system that is written to',
    withContainer(security({ readOnlyRootFilesystem: false })),
    'container app writes to its root file system; set securityContext.readOnlyRootFilesystem to true',
  ],
  ['no security context', withContainer({ securityContext: undefined }), 'container app may gain privileges'],
  [
    'no resources',
    withContainer({ resources: undefined }),
    'container app has no requests; set resources.requests.cpu and .memory.',
  ],
  [
    'no request of CPU',
    withContainer({
      resources: { requests: { memory: '16Mi' }, limits: { memory: '16Mi', 'ephemeral-storage': '1Mi' } },
    }),
    'container app has no requests',
  ],
  [
    'no limit of the disk',
    withContainer({ resources: { ...container().resources, limits: { cpu: '20m', memory: '16Mi' } } }),
    'container app has no limits; set resources.limits.cpu, .memory and .ephemeral-storage.',
  ],
  [
    'a second container without limits',
    pod({
      containers: [
        container(),
        container({ name: 'sidecar', resources: { requests: container().resources.requests } }),
      ],
    }),
    'container sidecar has no limits',
  ],
  [
    "its node's network",
    pod({ hostNetwork: true }),
    "the pod is in its node's namespaces; leave hostNetwork, hostPID and hostIPC out.",
  ],
  ["its node's processes", pod({ hostPID: true }), "the pod is in its node's namespaces"],
  [
    "its node's files",
    pod({ volumes: [{ name: 'root', hostPath: { path: '/' } }] }),
    "the pod mounts its node's files; use another kind of volume than hostPath.",
  ],
  ['no name', pod({}, { app: 'app' }), 'the pod has no name among its labels; set app.kubernetes.io/name.'],
];

it('the policy has no expression that the API server warns of', async () => {
  const status = async () =>
    JSON.parse(await succeed(controlPlane, 'get', 'validatingadmissionpolicy', 'recommender-pods', '-o', 'json'))
      .status;
  await until(async () => (await status())?.typeChecking !== undefined);
  expect((await status()).typeChecking).toEqual({});
});

describe('a pod', () => {
  it('that keeps to every rule is let in', async () => {
    expect(await answer(pod())).toMatch(/^created: /);
  });

  it.each(REFUSED)('with %s is refused, and told so', async (_, wrong, message) => {
    const refusal = await answer(wrong);
    expect(refusal).toContain("ValidatingAdmissionPolicy 'recommender-pods'");
    expect(refusal).toContain(message);
  });

  it('in another namespace is nobody’s business', async () => {
    const elsewhere = withContainer({ image: 'nginx' });
    elsewhere.metadata.namespace = 'elsewhere';
    const file = join(folder, 'elsewhere.json');
    writeFileSync(file, JSON.stringify(elsewhere));
    expect(await succeed(controlPlane, 'create', '--dry-run=server', '-f', file)).toContain('pod/app created');
  });

  it('of an operator that is exempt is let in, and the same one of another account is not', async () => {
    for (const name of ['cert-manager', 'other']) {
      const user = `system:serviceaccount:cert-manager:${name}`;
      const grant = ['create', 'rolebinding', name, '--clusterrole=edit', `--user=${user}`, ...IN];
      await succeed(controlPlane, ...grant);
    }
    const solver = withContainer({ image: 'quay.io/jetstack/cert-manager-acmesolver:v1.21.1' });
    expect(await answer(solver, '--as=system:serviceaccount:cert-manager:cert-manager')).toMatch(/^created: /);
    expect(await answer(solver, '--as=system:serviceaccount:cert-manager:other')).toContain('without a digest');
  });

  it('that runs is not debugged by an image without a digest', async () => {
    await apply(controlPlane, [{ ...pod(), metadata: { ...pod().metadata, namespace: 'recommender' } }]);
    const { output } = await controlPlane.kubectl('debug', 'app', ...IN, '--image=busybox', '--container=shell');
    expect(output).toContain('container shell has an image without a digest');
  });
});

describe('what makes pods', () => {
  const wrong = { containers: [container({ image: 'nginx' })] };
  it.each([
    [
      'Deployment',
      (changes?: Json) =>
        workload('apps/v1', 'Deployment', { selector: { matchLabels: labels }, template: template(changes) }),
    ],
    [
      'StatefulSet',
      (changes?: Json) =>
        workload('apps/v1', 'StatefulSet', {
          serviceName: 'app',
          selector: { matchLabels: labels },
          template: template(changes),
        }),
    ],
    [
      'DaemonSet',
      (changes?: Json) =>
        workload('apps/v1', 'DaemonSet', { selector: { matchLabels: labels }, template: template(changes) }),
    ],
    ['Job', (changes?: Json) => workload('batch/v1', 'Job', job(changes))],
    [
      'CronJob',
      (changes?: Json) =>
        workload('batch/v1', 'CronJob', { schedule: '0 3 * * *', jobTemplate: { spec: job(changes) } }),
    ],
  ])('a %s is let in or refused by its pods, where it is made', async (_, make) => {
    expect(await answer(make())).toMatch(/^created: /);
    expect(await answer(make(wrong))).toContain('container app has an image without a digest');
  });
});

/** What no stack has by itself: trainings, and a model server with secrets. */
const beside = inCluster((stack, namespace) => {
  const trainer = new Trainer(stack, 'Trainer', {
    namespace,
    image: IMAGE,
    identity: identity(TRAINER_SERVICE_ACCOUNT),
    modelStoreUrl: 's3://models/store',
    data: TrainingData.onVolume({ claimName: 'purchases', path: 'shop.csv' }),
  });
  new TrainingJobs(stack, 'Jobs', { trainer });
  const tag = `v4.1.0@sha256:${'d'.repeat(64)}`;
  const argo = new ArgoWorkflows(stack, 'Argo', { namespace, controllerTag: tag, executorTag: tag });
  new TrainingWorkflow(stack, 'Workflow', { trainer, argo });
  const key = { secretName: 'model-server', key: 'key', ready: [] };
  modelServer(stack, namespace, {
    image: IMAGE,
    apiKeys: key,
    caches: { histories: { url: key, port: 6379, location: { cidr: '10.0.8.0/24' } } },
  });
});

describe('beside the stacks', () => {
  it.each(['kubernetes_cron_job_v1', 'kubernetes_deployment_v1'])('every %s keeps to every rule', async (type) => {
    const openApi = await OpenApi.of(controlPlane);
    const resources = Object.values(beside.resources(type));
    expect(resources).not.toHaveLength(0);
    for (const resource of resources) {
      const configuration = JSON.parse(JSON.stringify(resource).replace(/\$\{[^}]*\}/g, 'reference'));
      const object = objectOf({ type, configuration, values: configuration }, openApi);
      expect(await answer(object)).toMatch(/^created: /);
    }
  });

  it('every step of the workflow keeps to every rule', async () => {
    const [release = {}] = Object.values(beside.resources('helm_release')).filter(({ name }) =>
      `${name}`.endsWith('workflow'),
    );
    const [cron] = parse((release.values as string[])[0] as string, { version: '1.1' }).objects;
    const { templates, volumes, securityContext, podMetadata } = cron.spec.workflowSpec;
    const steps = templates.filter((one: Json) => one.container);
    expect(steps.map(({ name }: Json) => name)).toEqual(['train', 'evaluate', 'promote']);
    for (const { container } of steps) {
      const spec = { containers: [{ ...container, name: 'main' }], volumes, securityContext };
      const step = pod(spec, podMetadata.labels);
      step.metadata.name = 'step';
      expect(await answer(step)).toMatch(/^created: /);
    }
  });
});

it.each(['aws-prod', 'azure-prod'])(
  '%s keeps to every rule: all its objects are let in, and its pods run',
  async (stack) => {
    const project = process.cwd();
    const config = loadConfig(project);
    const result = await rehearseStack({ project, config, stack, until: 'deploy', aws: 'stand-in', controlPlane });
    expect(result.steps).toEqual([
      expect.objectContaining({ step: 'deploy', ok: true }),
      expect.objectContaining({ step: 'control plane', ok: true }),
    ]);
    await succeed(controlPlane, 'rollout', 'status', 'deployment/model-server', ...IN, '--timeout=120s');
  },
  600_000,
);
