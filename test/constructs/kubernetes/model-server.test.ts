import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TerraformStack, TerraformVariable } from 'cdktf';
import { DockerfileParser } from 'dockerfile-ast';
import { modelOption } from '../../../cli/options';
import {
  EnvoyGateway,
  Flagger,
  MODEL_SERVER_SERVICE_ACCOUNT,
  MODEL_SERVER_SIZE,
  ModelVersion,
  type RecommenderNamespace,
} from '../../../constructs/kubernetes';
import { VERSION_ANNOTATION } from '../../../model-follower/src';
import { loadServerConfig } from '../../../model-server/src/config';
import { securityProblems } from '../../../model-server/src/security/security-problems';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { CLUSTER, IMAGE, identity, inCluster, keepDefault, modelServer } from './fixtures';

type Props = Parameters<typeof modelServer>[2];
const synthesized = keepDefault((props?: Props) =>
  inCluster((stack: TerraformStack, namespace: RecommenderNamespace) => {
    modelServer(stack, namespace, props);
  }),
);
const deployment = (props?: Props) => synthesized(props).resource('kubernetes_deployment_v1');
// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
const podSpec = (props?: Props) => (deployment(props) as any).spec.template.spec;
const container = (props?: Props) => podSpec(props).container[0];
const settings = (props?: Props) =>
  (synthesized(props).resource('kubernetes_config_map_v1') as { data: Record<string, string> }).data;

describe('the pod', () => {
  test('runs the image by its digest', () => {
    expect(container().image).toBe(IMAGE);
  });

  test.each(['registry.example.com/model-server:latest', 'registry.example.com/model-server@sha256:abc'])(
    'fails with the image %s',
    (image) => {
      expect(() => synthesized({ image })).toThrow(
        `test/ModelServer: image is ${image}, which has no digest; allowed is registry/path@sha256:<64 hex digits>.`,
      );
    },
  );

  test('takes the image from a variable, which Terraform checks', () => {
    const fromVariable = inCluster((stack, namespace) => {
      modelServer(stack, namespace, { image: new TerraformVariable(stack, 'image', {}).stringValue });
    });
    expect(fromVariable.resource('kubernetes_deployment_v1')).toMatchObject({
      spec: { template: { spec: { container: [{ image: expect.stringMatching(/^\$\{var\.image\}$/) }] } } },
    });
  });

  test('keeps to the Pod Security Standard "restricted", with a root file system that is read-only', () => {
    expect(podSpec().security_context).toMatchObject({
      run_as_non_root: true,
      run_as_user: '10001',
      seccomp_profile: { type: 'RuntimeDefault' },
    });
    expect(container().security_context).toEqual({
      allow_privilege_escalation: false,
      privileged: false,
      read_only_root_filesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  test('has no token for the API server and no variables of other services', () => {
    expect(podSpec()).toMatchObject({ automount_service_account_token: false, enable_service_links: false });
    expect(synthesized().resource('kubernetes_service_account_v1')).toMatchObject({
      automount_service_account_token: false,
    });
  });

  test('writes to volumes of bounded size only', () => {
    expect(container().volume_mount).toEqual([
      { name: 'tmp', mount_path: '/tmp' },
      { name: 'data', mount_path: '/var/lib/recommender' },
    ]);
    expect(podSpec().volume).toEqual([
      { name: 'tmp', empty_dir: { size_limit: '1Gi' } },
      { name: 'data', empty_dir: { size_limit: '1Gi' } },
    ]);
  });

  test.each([
    ['startup_probe', '/startupz'],
    ['readiness_probe', '/readyz'],
    ['liveness_probe', '/livez'],
  ])('its %s asks %s on the API port', (probe, path) => {
    expect(container()[probe].http_get).toEqual({ path, port: 'http' });
    expect(container().port).toEqual([{ name: 'http', container_port: 8080, protocol: 'TCP' }]);
  });

  test('asks for what the node counts are computed from', () => {
    expect(container().resources.requests).toEqual({
      cpu: `${MODEL_SERVER_SIZE.cpuMillis}m`,
      memory: `${MODEL_SERVER_SIZE.memoryMib}Mi`,
      'ephemeral-storage': '512Mi',
    });
  });

  test('may fill its volumes, and 256 MiB of log, before it is evicted', () => {
    expect(podSpec().volume.map(({ empty_dir }: { empty_dir: object }) => empty_dir)).toEqual([
      { size_limit: '1Gi' },
      { size_limit: '1Gi' },
    ]);
    expect(container().resources.limits['ephemeral-storage']).toBe(`${2 * 1024 + 256}Mi`);
  });

  test('is promised the memory that it may use', () => {
    const { requests, limits } = container().resources;
    expect(limits.memory).toBe(requests.memory);
    expect(limits.cpu).toBe('2');
  });

  test('is spread over zones and hosts, counting its own version only', () => {
    expect(
      podSpec().topology_spread_constraint.map((spread: Record<string, unknown>) => [
        spread.topology_key,
        spread.max_skew,
        spread.match_label_keys,
      ]),
    ).toEqual([
      ['topology.kubernetes.io/zone', 1, ['pod-template-hash']],
      ['kubernetes.io/hostname', 1, ['pod-template-hash']],
    ]);
  });

  test('has the labels of its cloud identity beside those that select it', () => {
    expect(deployment()).toMatchObject({
      spec: {
        selector: { match_labels: { 'app.kubernetes.io/name': 'model-server' } },
        template: {
          metadata: {
            labels: {
              'app.kubernetes.io/name': 'model-server',
              'app.kubernetes.io/component': 'model-server',
              'cloud.example.com/use': 'true',
            },
          },
        },
      },
    });
  });

  test('is replaced when a setting changes, by a hash of the settings', () => {
    expect(deployment()).toMatchObject({
      spec: {
        template: {
          metadata: {
            annotations: {
              'recommender/settings-sha256': expect.stringMatching(
                /^\$\{sha256\(jsonencode\(kubernetes_config_map_v1\.\w+\.data\)\)\}$/,
              ),
            },
          },
        },
      },
    });
  });
});

describe('a rollout', () => {
  test('starts a pod before it stops one', () => {
    expect(deployment()).toMatchObject({
      spec: { strategy: { type: 'RollingUpdate', rolling_update: { max_unavailable: '0', max_surge: '25%' } } },
    });
  });

  test('gives the server more time than its own shutdown takes', () => {
    const { drainSeconds, shutdownSeconds } = loadServerConfig(settings());
    expect(podSpec().termination_grace_period_seconds).toBeGreaterThan(drainSeconds + shutdownSeconds);
  });
});

describe('the settings', () => {
  test('are what the server reads', () => {
    expect(loadServerConfig(settings())).toMatchObject({
      host: '0.0.0.0',
      port: 8080,
      store: 's3://models/store',
      users: '/var/lib/recommender/users',
      deadlineMs: 80,
    });
  });

  test('take the deadline from the objective', () => {
    expect(loadServerConfig(settings({ slo: new ServiceLevelObjective({ latencyP99Ms: 250 }) })).deadlineMs).toBe(200);
  });

  test('keep onnxruntime from sending telemetry to Microsoft, and from the files it would queue it in', () => {
    expect(settings().ORT_DISABLE_TELEMETRY).toBe('1');
  });

  test('are extended by the environment given', () => {
    expect(settings({ environment: { AWS_REGION: 'eu-west-1' } })).toMatchObject({ AWS_REGION: 'eu-west-1' });
  });

  test('fails when the environment pins a version, which a roll-out would not know of', () => {
    expect(() => settings({ environment: { RECOMMENDER_VERSION: 'b'.repeat(64) } })).toThrow(
      'environment has RECOMMENDER_VERSION, which the construct sets itself from its other props',
    );
  });

  test('fails when the environment sets what the construct sets', () => {
    expect(() => settings({ environment: { RECOMMENDER_PORT: '80', AWS_REGION: 'eu-west-1' } })).toThrow(
      'test/ModelServer: environment has RECOMMENDER_PORT, which the construct sets itself from its other props; leave it out. Allowed is any other name.',
    );
  });
});

describe('the version', () => {
  const VERSION = 'b'.repeat(64);
  const maps = (modelVersion: ModelVersion) =>
    synthesized({ modelVersion }).resources('kubernetes_config_map_v1') as Record<string, { data: object }>;
  const settingsOf = (modelVersion: ModelVersion) =>
    loadServerConfig({
      RECOMMENDER_SEED: '/app/seed',
      ...Object.assign({}, ...Object.values(maps(modelVersion)).map(({ data }) => data)),
    });

  test.each([
    [undefined, 'production'],
    ['staging', 'staging'],
  ])('is that of the channel %j: %s, and each server swaps in place', (channel, expected) => {
    const { version, channel: followed } = settingsOf(ModelVersion.followsChannel(channel));
    expect([version, followed]).toEqual([undefined, expected]);
  });

  test('is the channel’s by default, and nothing is pinned', () => {
    expect(Object.keys(synthesized().resources('kubernetes_config_map_v1'))).toEqual([
      expect.stringMatching(/^ModelServer_Settings_/),
    ]);
    expect(settings()).toEqual(settings({ modelVersion: ModelVersion.followsChannel() }));
    expect(container().env_from).toHaveLength(1);
  });

  test('is the one that is fixed, as a setting whose change makes new pods', () => {
    const fixed = ModelVersion.fixed(VERSION);
    expect(Object.keys(maps(fixed))).toHaveLength(1);
    expect(settingsOf(fixed).version).toBe(VERSION);
  });

  test('is what the follower pins, in a ConfigMap of its own that the pods read last', () => {
    const pinned = ModelVersion.pinnedByFollower();
    expect(settingsOf(pinned).version).toBe('seed');
    const [first, last] = container({ modelVersion: pinned }).env_from;
    expect([first.config_map_ref.name, last.config_map_ref.name]).toEqual([
      expect.stringMatching(/ModelServer_Settings_/),
      expect.stringMatching(/ModelServer_VersionPin_/),
    ]);
  });

  test('begins as another than the seed, when told', () => {
    expect(settingsOf(ModelVersion.pinnedByFollower({ initialVersion: VERSION })).version).toBe(VERSION);
  });

  test('is the follower’s after the first apply: Terraform leaves its ConfigMap’s data and its annotation alone', () => {
    const modelVersion = ModelVersion.pinnedByFollower();
    const [pin] = Object.entries(maps(modelVersion)).filter(([id]) => id.includes('VersionPin'));
    expect(pin?.[1]).toMatchObject({ lifecycle: { ignore_changes: ['data'] } });
    expect(deployment({ modelVersion }).lifecycle).toEqual({
      ignore_changes: ['spec[0].replicas', `spec[0].template[0].metadata[0].annotations["${VERSION_ANNOTATION}"]`],
    });
  });

  test('needs no annotation where Flagger rolls out, which sees the ConfigMap', () => {
    const withFlagger = inCluster((stack, namespace) => {
      const cluster = CLUSTER;
      const { release } = new EnvoyGateway(stack, 'EnvoyGateway', { cluster });
      const rolledOutBy = new Flagger(stack, 'Flagger', { cluster, gatewayApi: release });
      modelServer(stack, namespace, { modelVersion: ModelVersion.pinnedByFollower(), rolledOutBy });
    });
    expect(withFlagger.resource('kubernetes_deployment_v1').lifecycle).toEqual({
      ignore_changes: ['spec[0].replicas'],
    });
  });

  test.each(['v1', 'B'.repeat(64), ''])('fails when it is to be %j', (version) => {
    expect(() => ModelVersion.fixed(version)).toThrow(
      `ModelVersion.fixed has ${version}; a version is 64 lowercase hex digits. 'recommender model list --json' prints them.`,
    );
    expect(() => ModelVersion.pinnedByFollower({ initialVersion: version })).toThrow(
      `initialVersion is ${version}; allowed is seed, or a version: 64 lowercase hex digits`,
    );
  });

  test.each([
    [ModelVersion.fixed(VERSION), 'RECOMMENDER_VERSION'],
    [ModelVersion.pinnedByFollower(), 'RECOMMENDER_VERSION'],
    [ModelVersion.followsChannel('staging'), 'RECOMMENDER_CHANNEL'],
  ])('fails when the environment says otherwise: %#', (modelVersion, name) => {
    expect(() => synthesized({ modelVersion, environment: { [name]: 'x' } })).toThrow(
      `test/ModelServer: environment has ${name}, which the construct sets itself from its other props`,
    );
  });
});

describe('who may call', () => {
  test('is left to whoever lets requests into the cluster, as long as nothing is said of it', () => {
    expect(settings().RECOMMENDER_AUTHENTICATION).toBe('none');
  });

  test.each([
    [{ RECOMMENDER_AUTHENTICATION: 'required', RECOMMENDER_API_KEYS_FILE: '/keys/keys.jsonl' }, 'required'],
    [{ RECOMMENDER_API_KEYS_FILE: '/keys/keys.jsonl' }, undefined],
    [{ RECOMMENDER_JWKS_URI: 'https://issuer.example/jwks' }, undefined],
  ])('is the server’s to decide by %j', (environment, expected) => {
    expect(settings({ environment }).RECOMMENDER_AUTHENTICATION).toBe(expected);
  });

  test('is said in a way that the server starts with', () => {
    expect(securityProblems(loadServerConfig(settings()))).toEqual([]);
    const tokens = {
      RECOMMENDER_JWKS_URI: 'https://issuer.example/jwks',
      RECOMMENDER_JWT_ISSUER: 'https://issuer.example',
      RECOMMENDER_JWT_AUDIENCES: 'recommender',
    };
    expect(securityProblems(loadServerConfig(settings({ environment: tokens })))).toEqual([]);
  });
});

describe('the settings in the image', () => {
  const instructions = DockerfileParser.parse(
    readFileSync(join(__dirname, '../../../model-server/Dockerfile'), 'utf8'),
  ).getInstructions();
  const keywords = instructions.map((instruction) => instruction.getKeyword());
  const image = instructions.slice(keywords.lastIndexOf('FROM'));
  const of = (keyword: string) =>
    image.filter((one) => one.getKeyword() === keyword).map((one) => one.getRawArgumentsContent() ?? '');
  const environment = Object.fromEntries(of('ENV').map((text) => text.split('=', 2) as [string, string]));
  const config = loadServerConfig({ ...environment, ...settings() });

  test('leave the seed as it is: the model that the pod serves while the store is empty', () => {
    expect(of('WORKDIR')).toEqual(['/app']);
    expect(of('COPY')).toContainEqual(expect.stringMatching(/ seed\/$/));
    expect([config.seed, config.store]).toEqual(['/app/seed', 's3://models/store']);
  });

  test('serve the model that the trainer makes by default, which the seed is of', () => {
    expect(config.model).toBe(modelOption().defaultValue);
  });

  test('write below a mounted volume only, as the user that the image gives it to', () => {
    const mounts: string[] = container().volume_mount.map((mount: { mount_path: string }) => mount.mount_path);
    for (const path of [config.users, ...of('VOLUME')]) {
      expect(mounts.filter((mount) => `${path}/`.startsWith(`${mount}/`))).toEqual(['/var/lib/recommender']);
    }
    const { run_as_user, run_as_group } = podSpec().security_context;
    expect(of('USER')).toEqual([`${run_as_user}:${run_as_group}`]);
  });

  test('hold on the port that the image and the probes name', () => {
    expect(of('EXPOSE')).toEqual([`${config.port}`]);
    expect(container().port[0].container_port).toBe(config.port);
  });
});

describe('the service account', () => {
  test('carries the annotations of the cloud identity', () => {
    expect(synthesized().resource('kubernetes_service_account_v1')).toMatchObject({
      metadata: { name: 'model-server', annotations: { 'cloud.example.com/identity': 'reader' } },
    });
  });

  test('fails when the identity belongs to another service account', () => {
    const other = identity({ ...MODEL_SERVER_SERVICE_ACCOUNT, serviceAccountName: 'other' });
    expect(() => synthesized({ identity: other })).toThrow(
      'test/ModelServer: identity belongs to the service account recommender/other, but the pods run as recommender/model-server. Make it by cluster.addWorkloadIdentity(id, MODEL_SERVER_SERVICE_ACCOUNT).',
    );
  });
});

describe('scaling', () => {
  test.each([
    [undefined, 2, 50],
    [{ minReplicas: 3, maxReplicas: 9 }, 3, 9],
  ])('has the bounds of the capacity plan %j: %d to %d', (plan, min, max) => {
    const autoscaler = synthesized({ capacity: new CapacityPlan(plan) }).resource(
      'kubernetes_horizontal_pod_autoscaler_v2',
    );
    expect(autoscaler).toMatchObject({ spec: { min_replicas: min, max_replicas: max } });
  });

  test('is fast up and slow down', () => {
    expect(synthesized().resource('kubernetes_horizontal_pod_autoscaler_v2')).toMatchObject({
      spec: {
        behavior: {
          scale_up: [{ stabilization_window_seconds: 0 }],
          scale_down: [{ stabilization_window_seconds: 300 }],
        },
      },
    });
  });

  test('is left to the autoscaler by Terraform', () => {
    expect(deployment().lifecycle).toEqual({ ignore_changes: ['spec[0].replicas'] });
  });

  test('loses one pod at a time to a drained node', () => {
    expect(synthesized().resource('kubernetes_pod_disruption_budget_v1')).toMatchObject({
      spec: { max_unavailable: '1', selector: { match_labels: { 'app.kubernetes.io/component': 'model-server' } } },
    });
  });
});

test('the Service is reachable inside the cluster only', () => {
  expect(synthesized().resource('kubernetes_service_v1')).toMatchObject({
    spec: { type: 'ClusterIP', port: [{ port: 80, target_port: 'http' }] },
  });
});

test('it synthesizes to this', async () => {
  expect(await synthesized().hcl()).toMatchSnapshot();
});
