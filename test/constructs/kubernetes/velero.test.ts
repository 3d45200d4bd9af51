import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import {
  BackupSchedule,
  type BackupScheduleProps,
  VELERO_SERVICE_ACCOUNT,
  Velero,
  type VeleroProps,
} from '../../../constructs/kubernetes';
import { CLUSTER, identity, inCluster, keepDefault, release } from './fixtures';

// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
type Json = any;
type Options = Partial<VeleroProps> & Pick<Partial<BackupScheduleProps>, 'keepDays' | 'namespaces' | 'schedule'>;

const LOCATION = {
  provider: 'aws',
  bucket: 'shop-prod-backups',
  config: { region: 'eu-west-1' },
  pluginImage: `velero/velero-plugin-for-aws@sha256:${'c'.repeat(64)}`,
} as const;

const synthesized = keepDefault(({ keepDays, namespaces, schedule, ...props }: Options = {}) =>
  inCluster((stack: TerraformStack) => {
    const velero = new Velero(stack, 'Velero', {
      cluster: CLUSTER,
      location: LOCATION,
      identity: identity(VELERO_SERVICE_ACCOUNT),
      ...props,
    });
    new BackupSchedule(stack, 'Daily', { velero, scheduleName: 'daily', keepDays, namespaces, schedule });
  }),
);
const valuesOf = (name: string, props?: Options): Json =>
  parse(release(synthesized(props), name).values[0], { version: '1.1' });
const location = (props?: Options): Json[] => valuesOf('velero-location', props).objects;
const template = (props?: Options): Json => valuesOf('backup-daily', props).objects[0].spec.template;
const rules = (props?: Options): Json => synthesized(props).resource('kubernetes_cluster_role_v1').rule;

describe('what is backed up', () => {
  test('are the objects of the namespace every night, but Secrets, and kept for 30 days', () => {
    expect(valuesOf('backup-daily').objects[0]).toMatchObject({
      apiVersion: 'velero.io/v1',
      kind: 'Schedule',
      metadata: { name: 'daily' },
      spec: { schedule: '0 2 * * *', useOwnerReferencesInBackup: false },
    });
    expect(template()).toEqual({
      storageLocation: 'default',
      ttl: '720h0m0s',
      includedNamespaces: ['recommender'],
      excludedResources: ['secrets', 'events', 'events.events.k8s.io'],
      snapshotVolumes: false,
    });
  });

  test('are other namespaces, at other times and for longer, where asked', () => {
    const props: Options = { namespaces: ['recommender', 'monitoring'], keepDays: 90, schedule: '0 */6 * * *' };
    expect(template(props)).toMatchObject({ includedNamespaces: ['recommender', 'monitoring'], ttl: '2160h0m0s' });
    expect(valuesOf('backup-daily', props).objects[0].spec.schedule).toBe('0 */6 * * *');
  });

  test('are volumes too, where their driver snapshots them, by a class that keeps what it made', () => {
    const props = { snapshotDriver: 'ebs.csi.aws.com' };
    expect(template(props).snapshotVolumes).toBe(true);
    expect(valuesOf('velero', props).configuration).toEqual({ features: 'EnableCSI' });
    expect(location(props)[1]).toEqual({
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotClass',
      metadata: { name: 'velero', labels: { 'velero.io/csi-volumesnapshot-class': 'true' } },
      driver: 'ebs.csi.aws.com',
      deletionPolicy: 'Retain',
    });
    expect(location()).toHaveLength(1);
  });

  test.each([0, 1.5])('fails when keepDays is %p', (keepDays) => {
    expect(() => synthesized({ keepDays })).toThrow(
      `test/Daily: keepDays is ${keepDays}; allowed are whole days from 1.`,
    );
  });
});

describe('where to', () => {
  test('is a bucket, reached by the pod’s own identity and no key', () => {
    expect(location()[0]).toMatchObject({
      kind: 'BackupStorageLocation',
      metadata: { name: 'default' },
      spec: { default: true, provider: 'aws', objectStorage: { bucket: 'shop-prod-backups' }, config: LOCATION.config },
    });
    expect(valuesOf('velero')).toMatchObject({
      credentials: { useSecret: false },
      podLabels: { 'cloud.example.com/use': 'true' },
      serviceAccount: { server: { name: 'velero', annotations: { 'cloud.example.com/identity': 'reader' } } },
    });
  });

  test('comes after the chart, which brings the kinds, and the schedule after it', () => {
    expect(release(synthesized(), 'velero-location').depends_on).toEqual([
      expect.stringMatching(/^helm_release\.Velero_/),
    ]);
    expect(release(synthesized(), 'backup-daily').depends_on).toEqual([
      expect.stringMatching(/^helm_release\.Velero_Resources_/),
    ]);
  });

  test.each(['velero/velero-plugin-for-aws:v1.14.0'])('fails when the plugin is %s', (pluginImage) => {
    expect(() => synthesized({ location: { ...LOCATION, pluginImage } })).toThrow(
      `test/Velero: image is ${pluginImage}, which has no digest`,
    );
  });
});

describe('what Velero may do', () => {
  test('is to read the cluster, and not to write it as long as nothing is restored', () => {
    expect(rules()).toEqual([{ api_groups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch'] }]);
    expect(rules({ restores: true })).toEqual([{ api_groups: ['*'], resources: ['*'], verbs: ['*'] }]);
    expect(valuesOf('velero').rbac).toEqual({
      clusterAdministrator: true,
      clusterAdministratorName: expect.stringMatching(/^\$\{kubernetes_cluster_role_v1\.Velero_Role_/),
    });
  });

  test('is to make snapshots, where volumes are backed up', () => {
    expect(rules({ snapshotDriver: 'disk.csi.azure.com' })[1]).toEqual({
      api_groups: ['snapshot.storage.k8s.io'],
      resources: ['*'],
      verbs: ['*'],
    });
  });

  test('is nothing on the nodes: it has no agent there', () => {
    expect(valuesOf('velero')).toMatchObject({ deployNodeAgent: false, upgradeCRDs: false, cleanUpCRDs: false });
    const { labels } = Object.values(synthesized().resources('kubernetes_namespace_v1'))
      .map(({ metadata }: Json) => metadata)
      .find(({ name }) => name === 'velero');
    expect(labels['pod-security.kubernetes.io/enforce']).toBe('baseline');
  });
});

test('every container of the pod has requests and limits', () => {
  const { resources, initContainers } = valuesOf('velero');
  expect(resources.limits).toEqual({ cpu: '1', memory: '512Mi' });
  expect(initContainers).toEqual([
    expect.objectContaining({
      name: 'velero-plugin-for-aws',
      image: LOCATION.pluginImage,
      resources: { requests: { cpu: '10m', memory: '64Mi' }, limits: { cpu: '200m', memory: '64Mi' } },
    }),
  ]);
});

test('fails when the identity belongs to another service account', () => {
  const other = identity({ namespace: 'velero', serviceAccountName: 'default' });
  expect(() => synthesized({ identity: other })).toThrow(
    'test/Velero: identity belongs to the service account velero/default, but the pods run as velero/velero.',
  );
});

test('the HCL', async () => {
  const hcl = await synthesized({ snapshotDriver: 'ebs.csi.aws.com' }).hcl();
  expect(hcl.slice(hcl.indexOf('resource "kubernetes_cluster_role_v1"'))).toMatchSnapshot();
});
