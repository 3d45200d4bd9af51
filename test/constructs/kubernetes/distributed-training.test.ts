import { parse } from 'yaml';
import {
  CHARTS,
  DistributedTraining,
  type DistributedTrainingProps,
  KubeflowTrainer,
} from '../../../constructs/kubernetes';
import { CLUSTER, IMAGE, identity, inCluster, keepDefault } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;

const synthesized = keepDefault((props?: Partial<DistributedTrainingProps>) =>
  inCluster((stack, namespace) => {
    new DistributedTraining(stack, 'Training', {
      namespace,
      trainer: new KubeflowTrainer(stack, 'Trainer', { cluster: CLUSTER }),
      name: 'two-tower',
      run: 1,
      image: IMAGE,
      command: ['python', '/app/train.py'],
      framework: 'torch',
      identity: identity({ namespace: 'recommender', serviceAccountName: 'two-tower' }),
      environment: { MODEL_STORE: 's3://models/store' },
      ...props,
    });
  }),
);
const release = (name: string, props?: Partial<DistributedTrainingProps>): Json => {
  const found = Object.values(synthesized(props).resources('helm_release')).filter((one) => one.name === name);
  expect(found).toHaveLength(1);
  return found[0];
};
const object = (kind: string, props?: Partial<DistributedTrainingProps>): Json => {
  const { objects } = parse(release('two-tower-training', props).values[0], { version: '1.1' });
  const found = objects.filter((one: Json) => one.kind === kind);
  expect(found).toHaveLength(1);
  return found[0];
};
const pod = (props?: Partial<DistributedTrainingProps>): Json => {
  const jobs = object('TrainingRuntime', props).spec.template.spec.replicatedJobs;
  expect(jobs).toHaveLength(1);
  return jobs[0].template.spec.template;
};

test('the operator is of the pinned chart, with its sizes, and installs no runtimes', () => {
  expect(release('kubeflow-trainer')).toMatchObject(CHARTS.kubeflowTrainer);
  expect(parse(release('kubeflow-trainer').values[0], { version: '1.1' })).toEqual({
    manager: { resources: expect.objectContaining({ requests: { cpu: '20m', memory: '128Mi' } }) },
    jobset: { controller: { resources: expect.objectContaining({ requests: { cpu: '20m', memory: '128Mi' } }) } },
  });
});

describe('a run', () => {
  test('is the command on as many nodes, and is given up after hours', () => {
    expect(object('TrainJob')).toMatchObject({
      apiVersion: 'trainer.kubeflow.org/v1alpha1',
      metadata: { name: 'two-tower-1' },
      spec: {
        runtimeRef: { apiGroup: 'trainer.kubeflow.org', kind: 'TrainingRuntime', name: 'two-tower' },
        trainer: { command: ['python', '/app/train.py'], numNodes: 2 },
        activeDeadlineSeconds: 21_600,
      },
    });
    expect(object('TrainJob', { nodes: 4, deadlineHours: 1 }).spec).toMatchObject({
      trainer: { numNodes: 4 },
      activeDeadlineSeconds: 3600,
    });
  });

  test('is another by another number, because a run is never changed', () => {
    expect(object('TrainJob', { run: 2 }).metadata.name).toBe('two-tower-2');
  });

  test('comes after the operator', () => {
    expect(release('two-tower-training').depends_on).toEqual([expect.stringMatching(/^helm_release\.Trainer_/)]);
  });
});

describe('the nodes', () => {
  test('are told of each other for torch, and nothing otherwise', () => {
    expect(object('TrainingRuntime').spec.mlPolicy).toEqual({ numNodes: 2, torch: {} });
    expect(object('TrainingRuntime', { framework: 'plain' }).spec.mlPolicy).toEqual({ numNodes: 2 });
  });

  test('take the command of a run', () => {
    const [job] = object('TrainingRuntime').spec.template.spec.replicatedJobs;
    expect(job.template.metadata.labels).toEqual({ 'trainer.kubeflow.org/trainjob-ancestor-step': 'trainer' });
    expect(job.name).toBe(pod().spec.containers[0].name);
  });

  test('act by their identity, keep to "restricted", and have a size', () => {
    expect(pod()).toMatchObject({
      metadata: { labels: { 'app.kubernetes.io/name': 'two-tower', 'cloud.example.com/use': 'true' } },
      spec: {
        serviceAccountName: expect.stringMatching(/^\$\{kubernetes_service_account_v1\.Training_/),
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      },
    });
    expect(pod().spec.containers).toMatchObject([
      {
        image: IMAGE,
        env: [{ name: 'MODEL_STORE', value: 's3://models/store' }],
        securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
        resources: { requests: { cpu: '1', memory: '4Gi' }, limits: { cpu: '4', memory: '4Gi' } },
      },
    ]);
  });

  test('reach each other at any port, and nobody else reaches them', () => {
    const policies = Object.values(synthesized().resources('kubernetes_network_policy_v1')) as Json[];
    const { metadata, spec } = policies.find((one) => one.metadata.name === 'two-tower');
    const own = { pod_selector: { match_labels: { 'app.kubernetes.io/name': 'two-tower' } } };
    expect(spec.ingress).toMatchObject([{ from: [own], ports: [{ port: '1', end_port: 65_535 }] }]);
    expect(spec.egress.at(-1)).toMatchObject({ to: [own], ports: [{ port: '1', end_port: 65_535 }] });
    expect(metadata.annotations['recommender/reasons']).toContain('on 1-65535/TCP: Nodes of a training work together.');
  });
});

test.each([
  [{ image: 'shop/train:1' }, 'image is shop/train:1, which has no digest'],
  [{ name: 'Two' }, 'name is Two; allowed are up to 30 lowercase letters'],
  [{ run: 0 }, 'run is 0; allowed is a whole number of 1 or more.'],
  [{ nodes: 1.5 }, 'nodes is 1.5; allowed is a whole number of 1 or more.'],
  [{ deadlineHours: 0 }, 'deadlineHours is 0; allowed is a whole number of 1 or more.'],
  [
    { identity: identity({ namespace: 'recommender', serviceAccountName: 'other' }) },
    'identity belongs to the service account recommender/other, but the pods run as recommender/two-tower.',
  ],
])('fails with %j', (props, message) => {
  expect(() => synthesized(props)).toThrow(`test/Training: ${message}`);
});

test('the HCL of a training', async () => {
  const hcl = await synthesized().hcl();
  expect(hcl.slice(hcl.indexOf('resource "kubernetes_namespace_v1" "Trainer_'))).toMatchSnapshot();
});
