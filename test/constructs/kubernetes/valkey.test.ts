import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { type ICache, Valkey, ValkeyData, type ValkeyProps } from '../../../constructs/kubernetes';
import { CLUSTER, inCluster, keepDefault } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;

const CLIENT = { namespaceName: 'recommender', podLabels: { 'app.kubernetes.io/component': 'model-server' } };

let cache: ICache;
const synthesized = keepDefault((props?: Partial<ValkeyProps>) =>
  inCluster((stack, namespace) => {
    const valkey = new Valkey(stack, 'Cache', { cluster: CLUSTER, namespace, data: ValkeyData.histories(), ...props });
    valkey.allowFrom(CLIENT, 'The model server keeps histories in it');
    cache = valkey;
  }),
);
const release = (name: string, props?: Partial<ValkeyProps>): Json => {
  const found = Object.values(synthesized(props).resources('helm_release')).filter((one) => one.name === name);
  expect(found).toHaveLength(1);
  return found[0];
};
const values = (props?: Partial<ValkeyProps>): Json =>
  parse(release(props?.data?.name ?? 'valkey-histories', props).values[0], { version: '1.1' });
const settings = (props?: Partial<ValkeyProps>): string[] => values(props).valkeyConfig.trim().split('\n');
const ANSWERS = { data: ValkeyData.answers() };

describe('histories', () => {
  test('are never made room of, and are on a volume command by command', () => {
    expect(settings()).toEqual([
      'maxmemory 614mb',
      'maxmemory-policy noeviction',
      'appendonly yes',
      'appendfsync everysec',
      'save 3600 1',
    ]);
    expect(values().dataStorage).toMatchObject({ enabled: true, persistentVolumeClaimName: expect.any(String) });
  });

  test("have a volume of the cluster's class, which Terraform doesn't delete and doesn't wait for", () => {
    expect(synthesized().resource('kubernetes_persistent_volume_claim_v1')).toMatchObject({
      metadata: { name: 'valkey-histories' },
      spec: {
        access_modes: ['ReadWriteOnce'],
        storage_class_name: 'encrypted',
        resources: { requests: { storage: '10Gi' } },
      },
      wait_until_bound: false,
      lifecycle: { prevent_destroy: true },
    });
  });

  test('have an address in the state that stays', () => {
    const ids = Object.keys(synthesized().resources('kubernetes_persistent_volume_claim_v1'));
    expect(ids).toEqual([expect.stringMatching(/^Cache_Volume_[0-9A-F]{8}$/)]);
  });

  test('may be deleted where that was said', () => {
    const stack = synthesized({ data: ValkeyData.histories({ protection: false }) });
    expect(stack.resource('kubernetes_persistent_volume_claim_v1').lifecycle).toEqual({ prevent_destroy: false });
  });

  test('are written by one server at a time', () => {
    expect(values().deploymentStrategy).toBe('Recreate');
  });

  test.each([2, 2.5, 0, Number.NaN])('fail on a volume of %d GiB for 1 GiB of memory', (volumeGib) => {
    expect(() => synthesized({ data: ValkeyData.histories({ volumeGib }) })).toThrow(
      `test/Cache: volumeGib is ${volumeGib}; allowed is a whole number of 3 GiB or more`,
    );
  });
});

describe('answers', () => {
  test('make room for newer ones and are nowhere else', () => {
    expect(settings(ANSWERS)).toEqual(['maxmemory 614mb', 'maxmemory-policy allkeys-lru', 'appendonly no', 'save ""']);
    expect(values(ANSWERS).dataStorage).toBeUndefined();
    expect(synthesized(ANSWERS).resources('kubernetes_persistent_volume_claim_v1')).toEqual({});
  });
});

describe('the memory', () => {
  test('is what the container has, six tenths of it for data', () => {
    expect(settings({ memoryMib: 2000 })[0]).toBe('maxmemory 1200mb');
    expect(values({ memoryMib: 2000 }).resources).toEqual({
      requests: { cpu: '100m', memory: '2000Mi' },
      limits: { cpu: '1', memory: '2000Mi' },
    });
  });

  test.each([127, 512.5, Number.NaN])('fails with %d MiB', (memoryMib) => {
    expect(() => synthesized({ memoryMib })).toThrow(
      `test/Cache: memoryMib is ${memoryMib}; allowed is a whole number`,
    );
  });
});

describe('who connects', () => {
  test('speaks TLS and logs in: the user that others are by default has a password too', () => {
    expect(values().tls).toMatchObject({ enabled: true, existingSecret: 'valkey-histories-credentials' });
    expect(values().auth).toMatchObject({
      enabled: true,
      usersExistingSecret: 'valkey-histories-credentials',
      aclUsers: { default: { permissions: '~* &* +@all' } },
    });
  });

  test('may do what the model server does, as its page says', () => {
    const page = readFileSync(join(__dirname, '../../../docs/state.md'), 'utf8').replaceAll(/\s+/g, ' ');
    expect(Object.keys(values().auth.aclUsers)).toEqual(['default', 'recommender']);
    expect(page).toContain(`\`${values().auth.aclUsers.recommender.permissions}\``);
  });

  test('knows where it is, and the login by a Secret', () => {
    synthesized({});
    expect(cache).toMatchObject({
      host: expect.stringMatching(/^valkey-histories\..*\.svc$/),
      port: 6379,
      tls: true,
      url: { secretName: 'valkey-histories-credentials', key: 'url' },
      certificateAuthority: { secretName: 'valkey-histories-credentials', key: 'ca.crt' },
      location: {
        podLabels: { 'app.kubernetes.io/name': 'valkey', 'app.kubernetes.io/instance': 'valkey-histories' },
      },
    });
  });

  test('is let in by name, and nobody else', () => {
    const policies = Object.values(synthesized().resources('kubernetes_network_policy_v1')) as Json[];
    const { spec } = policies.find(({ metadata }) => metadata.name === 'valkey-histories');
    expect(spec.pod_selector.match_labels).toEqual({
      'app.kubernetes.io/name': 'valkey',
      'app.kubernetes.io/instance': 'valkey-histories',
    });
    expect(spec.ingress).toMatchObject([
      { from: [{ pod_selector: { match_labels: CLIENT.podLabels } }], ports: [{ port: '6379' }] },
    ]);
  });
});

describe('the credentials', () => {
  test('are made by Helm before the server, and no value of a release has one', () => {
    const made = release('valkey-histories-credentials');
    expect(parse(made.values[0], { version: '1.1' })).toEqual({
      chartSha256: expect.stringMatching(/^[0-9A-F]{32}$/),
      secretName: 'valkey-histories-credentials',
      serviceName: 'valkey-histories',
      user: 'recommender',
      port: 6379,
      rotation: 1,
    });
    expect(JSON.stringify(values())).not.toMatch(/password"/i);
    expect(release('valkey-histories').depends_on).toEqual([expect.stringMatching(/^helm_release\.Cache_Credentials/)]);
  });

  test('are others after a rotation, and the server starts anew with them', () => {
    expect(parse(release('valkey-histories-credentials', { rotation: 2 }).values[0]).rotation).toBe(2);
    expect(values({ rotation: 2 }).podAnnotations).not.toEqual(values().podAnnotations);
  });

  test.each([0, 1.5, Number.NaN])('fail with the rotation %d', (rotation) => {
    expect(() => synthesized({ rotation })).toThrow(`test/Cache: rotation is ${rotation}; allowed is a whole number`);
  });
});

test('the pods keep to "restricted", with numbers where the API server wants numbers', () => {
  expect(values().podSecurityContext).toEqual({
    runAsNonRoot: true,
    runAsUser: 10001,
    runAsGroup: 10001,
    fsGroup: 10001,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(values().securityContext).toMatchObject({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
});

test("a user's values come last, and win", () => {
  const { values: all } = release('valkey-histories', { values: { image: { tag: '9.0.5' } } });
  expect(all).toHaveLength(2);
  expect(parse(all[1])).toEqual({ image: { tag: '9.0.5' } });
});

test('histories and answers are two servers', () => {
  const stack = inCluster((scope, namespace) => {
    for (const data of [ValkeyData.histories(), ValkeyData.answers()]) {
      new Valkey(scope, data.name === 'valkey-answers' ? 'Answers' : 'Histories', {
        cluster: CLUSTER,
        namespace,
        data,
      });
    }
  });
  const names = Object.values(stack.resources('helm_release')).map(({ name }) => name);
  expect(names.sort()).toEqual([
    'valkey-answers',
    'valkey-answers-credentials',
    'valkey-histories',
    'valkey-histories-credentials',
  ]);
});

test('the HCL of a cache', async () => {
  expect(await synthesized().hcl()).toMatchSnapshot();
});
