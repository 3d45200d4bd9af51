import {
  addNode,
  type ControlPlane,
  type KubernetesObject,
  startControlPlane,
  succeed,
} from '@cdktf-recommender/rehearsal';
import { rehearseStack } from '../../../cli/rehearsal';
import { loadConfig } from '../../../src';
import { criticalOf } from './kube-score';

const project = process.cwd();
const NODES = ['a', 'b', 'c'].map((zone) => ({ name: `node-${zone}`, zone, cpu: '16', memory: '64Gi' }));

/** What both stacks have in their clusters. */
const SHARED = [
  ...['business', 'cluster', 'model', 'service'].map((dashboard) => `ConfigMap monitoring/dashboard-${dashboard}`),
  'ConfigMap recommender/model-server',
  'ConfigMap recommender/model-server-version',
  'CronJob recommender/model-sync',
  'Deployment recommender/model-follower',
  'Deployment recommender/model-server',
  'HorizontalPodAutoscaler recommender/model-server',
  'Namespace cert-manager',
  'Namespace envoy-gateway-system',
  'Namespace flagger-system',
  'Namespace monitoring',
  'Namespace recommender',
  'NetworkPolicy recommender/acme-solver',
  'NetworkPolicy recommender/default-deny',
  'NetworkPolicy recommender/model-follower',
  'NetworkPolicy recommender/model-server',
  'NetworkPolicy recommender/model-sync',
  'PodDisruptionBudget recommender/model-server',
  'Role recommender/model-follower',
  'RoleBinding recommender/model-follower',
  'ServiceAccount recommender/model-follower',
  'ServiceAccount recommender/model-server',
  'ServiceAccount recommender/model-sync',
];

/** What a pod might be given by mistake. Neither program asks the API server anything. */
const NOT_ALLOWED = [
  'get configmaps/model-server',
  'update configmaps/model-server',
  'list secrets',
  'create pods',
  'create pods/exec',
  'delete pods',
  'patch deployments.apps/model-server',
  'update deployments.apps/scale',
  'create serviceaccounts/token',
  'create rolebindings.rbac.authorization.k8s.io',
  'impersonate serviceaccounts',
  'create jobs.batch',
];

const EXCEPTIONS = [
  ...['CronJob/model-sync', 'Deployment/model-follower', 'Deployment/model-server'].map((object) => ({
    found: `${object}: Container Image Pull Policy`,
    reason: 'the image is named by its digest, so a copy on the node is the same',
  })),
  {
    found: 'Deployment/model-server: Deployment targeted by HPA does not have replicas configured',
    reason: 'Terraform ignores the number after the first apply',
  },
  {
    found: 'NetworkPolicy/acme-solver: NetworkPolicy targets Pod',
    reason: 'cert-manager makes the pod while an authority asks for its challenge',
  },
];

describe.each([
  ['aws-prod', [...SHARED, 'StorageClass recommender-gp3']],
  ['azure-prod', SHARED],
])('%s on a control plane', (stack, expected) => {
  let controlPlane: ControlPlane;
  let objects: readonly KubernetesObject[];

  const inNamespace = ['-n', 'recommender'];
  const json = async (...args: string[]) => JSON.parse(await succeed(controlPlane, 'get', ...args, '-o', 'json'));
  const rolledOut = () =>
    succeed(controlPlane, 'rollout', 'status', 'deployment/model-server', ...inNamespace, '--timeout=120s');
  beforeAll(async () => {
    controlPlane = await startControlPlane({ onProgress: (line) => console.error(line) });
    for (const node of NODES) await addNode(controlPlane, node);
    const config = loadConfig(project);
    const result = await rehearseStack({ project, config, stack, until: 'deploy', aws: 'stand-in', controlPlane });
    expect(result.steps).toEqual([
      expect.objectContaining({ step: 'deploy', ok: true }),
      expect.objectContaining({ step: 'control plane', ok: true }),
    ]);
    objects = result.objects;
  }, 1_800_000);
  afterAll(async () => {
    await controlPlane?.stop();
  });

  it('has all its objects there, none refused, and none changed by applying them again', () => {
    const names = objects.map(
      ({ kind, metadata: { name, namespace } }) => `${kind} ${namespace ? `${namespace}/` : ''}${name}`,
    );
    expect(names.sort()).toEqual([...expected].sort());
  });

  it('rolls its model servers out, and the API server keeps the namespace to "restricted"', async () => {
    await rolledOut();
    const bare = { containers: [{ name: 'bare', image: 'registry.example.com/bare' }] };
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare' }, spec: bare };
    const { exitCode, output } = await controlPlane.kubectl(
      ...['run', 'bare', ...inNamespace, '--image=registry.example.com/bare', `--overrides=${JSON.stringify(pod)}`],
    );
    expect(output).toContain('violates PodSecurity "restricted:latest"');
    expect(exitCode).not.toBe(0);
  });

  it.each(['model-server', 'model-sync'])('gives pods of %s no rights, near or far', async (account) => {
    const as = `--as=system:serviceaccount:recommender:${account}`;
    for (const asked of NOT_ALLOWED) {
      const { stdout } = await controlPlane.kubectl('auth', 'can-i', ...asked.split(' '), as, ...inNamespace);
      expect(`${asked}: ${stdout.trim()}`).toBe(`${asked}: no`);
    }
    // The question is understood: an administrator may.
    const { stdout } = await controlPlane.kubectl('auth', 'can-i', 'get', 'secrets', ...inNamespace);
    expect(stdout.trim()).toBe('yes');
  });

  it('has no object that kube-score calls critical, but for what is listed here with its reason', async () => {
    expect(await criticalOf(objects)).toEqual(EXCEPTIONS.map(({ found }) => found).sort());
  });

  it('gives up one replica at a time when nodes are drained', async () => {
    await succeed(controlPlane, 'scale', 'deployment/model-server', ...inNamespace, '--replicas=6');
    await rolledOut();
    for (const { name } of NODES) await succeed(controlPlane, 'cordon', name);
    const { exitCode, output } = await controlPlane.kubectl(
      ...[
        'drain',
        NODES[0]?.name as string,
        '--ignore-daemonsets',
        '--delete-emptydir-data',
        '--force',
        '--timeout=15s',
      ],
    );
    expect(output).toContain("Cannot evict pod as it would violate the pod's disruption budget.");
    expect(exitCode).not.toBe(0);
    const { status } = await json('poddisruptionbudget', 'model-server', ...inNamespace);
    expect(status).toMatchObject({ desiredHealthy: 5, currentHealthy: 5, disruptionsAllowed: 0 });
  });
});
