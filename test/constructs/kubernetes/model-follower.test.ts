import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EnvoyGateway,
  Flagger,
  MODEL_FOLLOWER_SERVICE_ACCOUNT,
  MODEL_FOLLOWER_SIZE,
  ModelFollower,
  type ModelFollowerProps,
  ModelVersion,
} from '../../../constructs/kubernetes';
import { loadFollowerConfig } from '../../../model-follower/src';
import { loadServerConfig } from '../../../model-server/src/config';
import { CLUSTER, IMAGE, identity, inCluster, keepDefault, modelServer } from './fixtures';

const ROOT = join(__dirname, '../../..');

interface Variation extends Partial<ModelFollowerProps> {
  readonly rolledOutBy?: 'flagger';
  readonly modelVersion?: ModelVersion;
}

const synthesized = keepDefault((variation: Variation = {}) =>
  inCluster((stack, namespace) => {
    const { rolledOutBy, modelVersion = ModelVersion.pinnedByFollower(), ...props } = variation;
    const gateway = rolledOutBy && new EnvoyGateway(stack, 'EnvoyGateway', { cluster: CLUSTER });
    const flagger = gateway && new Flagger(stack, 'Flagger', { cluster: CLUSTER, gatewayApi: gateway.release });
    new ModelFollower(stack, 'ModelFollower', {
      namespace,
      image: IMAGE,
      identity: identity(MODEL_FOLLOWER_SERVICE_ACCOUNT),
      modelServer: modelServer(stack, namespace, { modelVersion, rolledOutBy: flagger }),
      modelStoreUrl: 's3://models/store',
      clusterName: 'shop-prod',
      ...props,
    });
  }),
);
const named = (type: string, variation?: Variation) =>
  Object.values(synthesized(variation).resources(type)).find(
    ({ metadata }) => (metadata as { name: string }).name === 'model-follower',
    // biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
  ) as any;
const deployment = (variation?: Variation) => named('kubernetes_deployment_v1', variation);
const podSpec = (variation?: Variation) => deployment(variation).spec.template.spec;
const environment = (variation?: Variation): Record<string, string> =>
  Object.fromEntries(
    podSpec(variation).container[0].env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );

describe('the program', () => {
  test('is where the image has it', () => {
    expect(podSpec().container[0].command).toEqual(['node', '/app/model-follower/dist/main.js']);
    const [, image] = readFileSync(join(ROOT, 'model-server/Dockerfile'), 'utf8').split(/^FROM .*NODE_DIGEST}$/m);
    expect(image).toMatch(/^WORKDIR \/app$/m);
    expect(image).toMatch(/^COPY .*\/app\/model-follower\/dist model-follower\/dist\/$/m);
    expect(existsSync(join(ROOT, 'model-follower/src/main.ts'))).toBe(true);
  });

  test('takes its settings as they are written', () => {
    // References are names of the cluster's objects, which are the program's defaults.
    const plain = Object.entries(environment()).filter(([, value]) => !value.startsWith('$'));
    expect(loadFollowerConfig(Object.fromEntries(plain))).toMatchObject({
      store: 's3://models/store',
      channel: 'production',
      cluster: 'shop-prod',
      rolledOutBy: 'deployment',
      pollSeconds: 10,
      host: '0.0.0.0',
      port: podSpec().container[0].port[0].container_port,
    });
    expect(environment().FOLLOWER_CONFIG_MAP).toMatch(/^\$\{kubernetes_config_map_v1\.ModelServer_VersionPin_/);
    expect(environment().FOLLOWER_DEPLOYMENT).toMatch(/^\$\{kubernetes_deployment_v1\.ModelServer_/);
  });

  test('follows the model and the channel that the server has by default', () => {
    const { model, channel } = loadServerConfig({});
    expect([environment().FOLLOWER_MODEL, environment().FOLLOWER_CHANNEL]).toEqual([model, channel]);
  });

  test('follows another model and channel, when told', () => {
    const variation = {
      model: 'fashion',
      channel: 'staging',
      pollSeconds: 60,
      environment: { AWS_REGION: 'eu-west-1' },
    };
    expect(environment(variation)).toMatchObject({
      FOLLOWER_MODEL: 'fashion',
      FOLLOWER_CHANNEL: 'staging',
      FOLLOWER_POLL_SECONDS: '60',
      AWS_REGION: 'eu-west-1',
    });
  });

  test('knows that Flagger rolls out, where it does', () => {
    expect(environment({ rolledOutBy: 'flagger' }).FOLLOWER_ROLLED_OUT_BY).toBe('flagger');
  });
});

describe('the pod', () => {
  test('is one, never two', () => {
    expect(deployment().spec).toMatchObject({ replicas: '1', strategy: { type: 'Recreate' } });
  });

  test('keeps to the Pod Security Standard "restricted", and writes nowhere', () => {
    expect(podSpec().security_context).toMatchObject({ run_as_non_root: true, run_as_user: '10001' });
    expect(podSpec().container[0].security_context).toMatchObject({
      read_only_root_filesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(podSpec().volume).toBeUndefined();
  });

  test('has a token for the API server, which no other pod of its account would', () => {
    expect(podSpec().automount_service_account_token).toBe(true);
    expect(named('kubernetes_service_account_v1').automount_service_account_token).toBe(false);
  });

  test('asks for its size', () => {
    const { requests, limits } = podSpec().container[0].resources;
    expect(requests).toMatchObject({ cpu: `${MODEL_FOLLOWER_SIZE.cpuMillis}m`, memory: '256Mi' });
    expect(limits.memory).toBe(requests.memory);
  });

  test('is started anew when a look hangs', () => {
    expect(podSpec().container[0].liveness_probe).toMatchObject({ http_get: { path: '/livez', port: 'health' } });
  });

  test('is ready when a look worked', () => {
    expect(podSpec().container[0].readiness_probe).toMatchObject({ http_get: { path: '/readyz', port: 'health' } });
  });

  test('waits for its rights', () => {
    expect(deployment().depends_on).toEqual([expect.stringMatching(/^kubernetes_role_binding_v1\.ModelFollower_/)]);
  });
});

describe('its rights', () => {
  const rules = (variation?: Variation) => named('kubernetes_role_v1', variation).rule;
  const pin = {
    api_groups: [''],
    resources: ['configmaps'],
    resource_names: [expect.stringMatching(/ModelServer_VersionPin_/)],
    verbs: ['get', 'patch'],
  };

  test('are on the one ConfigMap, and on the one Deployment, which it has to tell of a new version', () => {
    expect(rules()).toEqual([
      pin,
      {
        api_groups: ['apps'],
        resources: ['deployments'],
        resource_names: [expect.stringMatching(/kubernetes_deployment_v1\.ModelServer_/)],
        verbs: ['get', 'patch'],
      },
    ]);
  });

  test('are on no Deployment where Flagger rolls out, only to read its Canary', () => {
    expect(rules({ rolledOutBy: 'flagger' })).toEqual([
      pin,
      {
        api_groups: ['flagger.app'],
        resources: ['canaries'],
        resource_names: [expect.stringMatching(/kubernetes_deployment_v1\.ModelServer_/)],
        verbs: ['get'],
      },
    ]);
  });

  test('are given to its service account alone', () => {
    expect(named('kubernetes_role_binding_v1')).toMatchObject({
      role_ref: { kind: 'Role', name: expect.stringMatching(/ModelFollower_Role_/) },
      subject: [{ kind: 'ServiceAccount', name: expect.stringMatching(/ModelFollower_ServiceAccount_/) }],
    });
  });
});

test('nobody may connect to it, and it connects to the store, the API server and its credentials only', () => {
  const { policy_types, ingress, egress } = named('kubernetes_network_policy_v1').spec;
  expect([policy_types, ingress]).toEqual([['Ingress', 'Egress'], undefined]);
  const ports = (egress as { ports: { port: string }[] }[]).flatMap(({ ports }) => ports.map(({ port }) => port));
  expect(ports).toEqual(['53', '53', '443', '80']);
});

test('fails when nothing pins the version of the model server', () => {
  expect(() => synthesized({ modelVersion: ModelVersion.followsChannel() })).toThrow(
    'test/ModelFollower: modelServer is not made with `modelVersion: ModelVersion.pinnedByFollower()`, so there is nothing to pin its version by. Add it.',
  );
});

test.each([0, 3601, 1.5])('fails with %d seconds', (pollSeconds) => {
  expect(() => synthesized({ pollSeconds })).toThrow(
    `test/ModelFollower: pollSeconds is ${pollSeconds}; allowed are whole seconds from 1 to 3600.`,
  );
});

test('fails when the environment sets what the construct sets', () => {
  expect(() => synthesized({ environment: { FOLLOWER_CLUSTER: 'other' } })).toThrow(
    'test/ModelFollower: environment has FOLLOWER_CLUSTER, which the construct sets itself from its other props; leave it out.',
  );
});

test('fails when the identity belongs to another service account', () => {
  const other = identity({ ...MODEL_FOLLOWER_SERVICE_ACCOUNT, serviceAccountName: 'model-server' });
  expect(() => synthesized({ identity: other })).toThrow(
    'identity belongs to the service account recommender/model-server, but the pods run as recommender/model-follower. Make it by cluster.addWorkloadIdentity(id, MODEL_FOLLOWER_SERVICE_ACCOUNT).',
  );
});

test('it synthesizes to this', async () => {
  const hcl = await synthesized().hcl();
  const own = hcl.split(/^(?=resource )/m).filter((block) => /^resource "\w+" "ModelFollower_/.test(block));
  expect(own.join('')).toMatchSnapshot();
});
