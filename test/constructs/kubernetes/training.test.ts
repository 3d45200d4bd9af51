import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import { modelOption } from '../../../cli/options';
import {
  ArgoWorkflows,
  type RecommenderNamespace,
  TRAINER_SERVICE_ACCOUNT,
  Trainer,
  type TrainerProps,
  TrainingData,
  TrainingJobs,
  type TrainingJobsProps,
  TrainingWorkflow,
} from '../../../constructs/kubernetes';
import { loadServerConfig } from '../../../model-server/src/config';
import { IMAGE, identity, inCluster, keepDefault, release } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;
type Options = Partial<TrainerProps> & Omit<Partial<TrainingJobsProps>, 'trainer'> & { readonly executorTag?: string };

const DIGEST = `sha256:${'d'.repeat(64)}`;
const DATA = TrainingData.onVolume({ claimName: 'purchases', path: 'shop.csv.gz' });

const synthesized = keepDefault((options: Options = {}) =>
  inCluster((stack: TerraformStack, namespace: RecommenderNamespace) => {
    const { executorTag = `v4.1.0@${DIGEST}`, trainAt, evaluateAt, channel, require, ...props } = options;
    const trainer = new Trainer(stack, 'Trainer', {
      namespace,
      image: IMAGE,
      identity: identity(TRAINER_SERVICE_ACCOUNT),
      modelStoreUrl: 's3://models/store',
      data: DATA,
      ...props,
    });
    new TrainingJobs(stack, 'Jobs', { trainer, trainAt, evaluateAt, channel, require });
    const argo = new ArgoWorkflows(stack, 'Argo', { namespace, controllerTag: `v4.1.0@${DIGEST}`, executorTag });
    new TrainingWorkflow(stack, 'Workflow', { trainer, argo, schedule: trainAt, channel, require });
  }),
);
const job = (name: string, options?: Options): Json => {
  const found = Object.values(synthesized(options).resources('kubernetes_cron_job_v1')).filter(
    ({ metadata }: Json) => metadata.name === name,
  );
  expect(found).toHaveLength(1);
  return (found[0] as Json).spec;
};
const podOf = (name: string, options?: Options): Json => job(name, options).job_template.spec.template.spec;
const container = (name: string, options?: Options): Json => podOf(name, options).container[0];
const valuesOf = (name: string, options?: Options): Json =>
  parse(release(synthesized(options), name).values[0], { version: '1.1' });
const workflow = (options?: Options): Json => valuesOf('model-training-workflow', options).objects[0].spec;
const template = (name: string, options?: Options): Json =>
  workflow(options).workflowSpec.templates.find((one: Json) => one.name === name);

const NAMES = ['model-training', 'model-evaluation'];

// What the commands do is shown by running them, in trainer-commands.test.ts.
describe.each(NAMES)('the job %s', (name) => {
  test('runs one at a time, at most two hours, and is left out when it is late by an hour', () => {
    expect(job(name)).toMatchObject({
      timezone: 'Etc/UTC',
      concurrency_policy: 'Forbid',
      starting_deadline_seconds: 3600,
      successful_jobs_history_limit: 1,
      failed_jobs_history_limit: 3,
      job_template: { spec: { backoff_limit: 1, active_deadline_seconds: 7200 } },
    });
  });

  test('keeps to the Pod Security Standard "restricted", and has no token for the API server', () => {
    expect(podOf(name)).toMatchObject({
      automount_service_account_token: false,
      enable_service_links: false,
      security_context: { run_as_non_root: true, run_as_user: '10001', seccomp_profile: { type: 'RuntimeDefault' } },
    });
    expect(container(name).security_context).toEqual({
      allow_privilege_escalation: false,
      privileged: false,
      read_only_root_filesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('has requests and limits, of the disk too', () => {
    expect(container(name).resources).toEqual({
      requests: { cpu: '1', memory: '2Gi', 'ephemeral-storage': '64Mi' },
      limits: { cpu: '4', memory: '2Gi', 'ephemeral-storage': '1280Mi' },
    });
  });

  test('reads its data from a volume that it can’t write', () => {
    expect(podOf(name).volume).toContainEqual({
      name: 'data',
      persistent_volume_claim: { claim_name: 'purchases', read_only: true },
    });
    expect(container(name).volume_mount).toContainEqual({
      name: 'data',
      mount_path: '/var/lib/recommender/data',
      read_only: true,
    });
    expect(container(name).command).toContain('/var/lib/recommender/data/shop.csv.gz');
  });

  test('reads it from the image where it is there', () => {
    const data = TrainingData.inImage('/app/data/shop.csv');
    expect(podOf(name, { data }).volume).toEqual([{ name: 'tmp', empty_dir: { size_limit: '1Gi' } }]);
    expect(container(name, { data }).command).toContain('/app/data/shop.csv');
  });

  test('registers in the store, as the model that servers serve', () => {
    expect(container(name).env).toEqual([
      { name: 'RECOMMENDER_STORE', value: 's3://models/store' },
      { name: 'RECOMMENDER_MODEL', value: loadServerConfig({}).model },
      { name: 'ORT_DISABLE_TELEMETRY', value: '1' },
    ]);
    expect(loadServerConfig({}).model).toBe(modelOption().defaultValue);
  });
});

describe('what is scheduled', () => {
  test('is a training and then an evaluation every Monday, or when asked', () => {
    expect(NAMES.map((name) => job(name).schedule)).toEqual(['0 3 * * 1', '0 5 * * 1']);
    const asked = { trainAt: '0 1 * * *', evaluateAt: '0 2 * * *' };
    expect(NAMES.map((name) => job(name, asked).schedule)).toEqual(['0 1 * * *', '0 2 * * *']);
    expect([workflow().schedules, workflow(asked).schedules]).toEqual([['0 3 * * 1'], ['0 1 * * *']]);
  });

  test('is for a channel that no server of production follows, unless asked', () => {
    const { channel } = loadServerConfig({});
    const command = container('model-training').command as string[];
    expect(command.slice(command.indexOf('--channel'))).toEqual(['--channel', 'candidate']);
    expect(channel).toBe('production');
    expect(container('model-training', { channel: 'canary' }).command).toContain('canary');
  });

  test('is promoted only as good as required', () => {
    const require = { 'ndcg@20': 0.1, 'recall@20': 0.05 };
    const expected = ['--require', 'ndcg@20=0.1', '--require', 'recall@20=0.05'];
    expect(container('model-training', { require }).command.slice(-4)).toEqual(expected);
    expect(template('promote', { require }).container.command.slice(-4)).toEqual(expected);
  });
});

describe('who trains', () => {
  test('is a service account with the cloud identity', () => {
    expect(synthesized().resource('kubernetes_service_account_v1')).toMatchObject({
      metadata: { name: 'model-trainer', annotations: { 'cloud.example.com/identity': 'reader' } },
      automount_service_account_token: false,
    });
    expect(job('model-training').job_template.spec.template.metadata.labels).toEqual({
      'app.kubernetes.io/name': 'model-training',
      'app.kubernetes.io/component': 'model-trainer',
      'cloud.example.com/use': 'true',
    });
  });

  test('is called by nobody, and talks to its cloud only', () => {
    const policy = Object.values(synthesized().resources('kubernetes_network_policy_v1')).find(
      ({ metadata }: Json) => metadata.name === 'model-trainer',
    ) as Json;
    expect(policy.spec).not.toHaveProperty('ingress');
    expect(policy.metadata.annotations['recommender/reasons']).toContain('It registers model versions in the store.');
    expect(policy.spec.pod_selector.match_labels).toEqual({ 'app.kubernetes.io/component': 'model-trainer' });
  });

  test.each([
    ['image is trainer:latest, which has no digest', { image: 'trainer:latest' }],
    ['testDays is 0; allowed are whole days from 1.', { testDays: 0 }],
    [
      'identity belongs to the service account recommender/other',
      { identity: identity({ ...TRAINER_SERVICE_ACCOUNT, serviceAccountName: 'other' }) },
    ],
  ])('fails when %s', (message, props) => {
    expect(() => synthesized(props)).toThrow(`test/Trainer: ${message}`);
  });

  test.each(['shop.csv', './shop.csv'])('fails when the file in the image is %s', (path) => {
    expect(() => TrainingData.inImage(path)).toThrow(`path is ${path}; allowed is an absolute path in the image.`);
  });

  test.each(['/shop.csv', '../shop.csv', 'a/../../shop.csv'])('fails when the file on the volume is %s', (path) => {
    expect(() => TrainingData.onVolume({ claimName: 'purchases', path })).toThrow(
      `path is ${path}; allowed is a path below the volume's root`,
    );
  });
});

describe('the workflow', () => {
  test('trains, compares, and promotes what it trained, one after the other', () => {
    expect(workflow().workflowSpec.entrypoint).toBe('pipeline');
    expect(template('pipeline').steps.map(([step]: Json) => step.template)).toEqual(['train', 'evaluate', 'promote']);
    expect(template('train').outputs.parameters).toEqual([{ name: 'version', valueFrom: { path: '/tmp/version' } }]);
    expect(template('pipeline').steps[2][0].arguments.parameters).toEqual([
      { name: 'version', value: '{{steps.train.outputs.parameters.version}}' },
    ]);
    expect(template('promote').container.command).toEqual([
      ...['recommender', 'model', 'promote', '{{inputs.parameters.version}}', '--channel', 'candidate'],
    ]);
  });

  test('has the deadlines and the pods of the jobs', () => {
    expect(workflow()).toMatchObject({
      timezone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 3600,
      workflowSpec: {
        activeDeadlineSeconds: 7200,
        securityContext: { runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001 },
      },
    });
    const { command, volume_mount, security_context, ...same } = container('model-evaluation');
    const { name, ...expected } = same;
    expect(name).toBe('model-evaluation');
    for (const step of ['train', 'evaluate', 'promote']) expect(template(step).container).toMatchObject(expected);
    expect(template('evaluate').container.command).toEqual(command);
  });

  test('comes after Argo, which brings the kind', () => {
    expect(release(synthesized(), 'model-training-workflow').depends_on).toEqual([
      expect.stringMatching(/^helm_release\.Argo_/),
    ]);
  });
});

describe('Argo Workflows', () => {
  test('has rights in the namespace alone, and nobody logs in to it', () => {
    expect(release(synthesized(), 'argo-workflows').namespace).toMatch(/kubernetes_namespace_v1\.Namespace_/);
    expect(valuesOf('argo-workflows')).toMatchObject({
      singleNamespace: true,
      createAggregateRoles: false,
      workflow: { serviceAccount: { name: 'model-trainer' } },
      server: { enabled: false },
    });
  });

  test('runs images by digest, with requests and limits that the namespace asks for', () => {
    const { controller, executor } = valuesOf('argo-workflows');
    for (const { image, resources, securityContext } of [controller, executor]) {
      expect(image.tag).toBe(`v4.1.0@${DIGEST}`);
      expect(Object.keys(resources.limits)).toEqual(['cpu', 'memory', 'ephemeral-storage']);
      expect(securityContext).toMatchObject({ readOnlyRootFilesystem: true, allowPrivilegeEscalation: false });
    }
  });

  test('may ask the API server', () => {
    const policy = Object.values(synthesized().resources('kubernetes_network_policy_v1')).find(
      ({ metadata }: Json) => metadata.name === 'argo-workflow-controller',
    ) as Json;
    expect(policy.spec.pod_selector.match_labels).toEqual(valuesOf('argo-workflows').controller.podLabels);
    expect(policy.metadata.annotations['recommender/reasons']).toContain('It asks the API server for workflows.');
  });

  test('fails when an image has no digest', () => {
    expect(() => synthesized({ executorTag: 'v4.1.0' })).toThrow(
      'test/Argo: executorTag is v4.1.0; allowed is a tag with its digest',
    );
  });
});

test('the HCL of the training job', async () => {
  const hcl = await synthesized().hcl();
  const from = hcl.indexOf('resource "kubernetes_cron_job_v1" "Jobs_Training');
  expect(hcl.slice(from, hcl.indexOf('resource "', from + 1))).toMatchSnapshot();
});
