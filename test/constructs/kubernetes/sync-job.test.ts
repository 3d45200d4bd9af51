import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYNC_SERVICE_ACCOUNT } from '../../../constructs/contracts';
import { ModelSyncJob, type ModelSyncJobProps, PEER_TOKEN_FILE } from '../../../constructs/kubernetes';
import { loadServerConfig } from '../../../model-server/src/config';
import { IMAGE, identity, inCluster, keepDefault } from './fixtures';

const ROOT = join(__dirname, '../../..');

const SOURCE = {
  modelStoreUrl: 's3://peer/store',
  tokenAudience: 'sts.amazonaws.com',
  environment: { AWS_WEB_IDENTITY_TOKEN_FILE: PEER_TOKEN_FILE },
};

const synthesized = keepDefault((props?: Partial<ModelSyncJobProps>) =>
  inCluster((stack, namespace) => {
    new ModelSyncJob(stack, 'Sync', {
      namespace,
      image: IMAGE,
      identity: identity(SYNC_SERVICE_ACCOUNT),
      destinationUrl: 's3://own/store',
      ...props,
    });
  }),
);
const spec = (props?: Partial<ModelSyncJobProps>) =>
  // biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
  (synthesized(props).resource('kubernetes_cron_job_v1') as any).spec;
const podSpec = (props?: Partial<ModelSyncJobProps>) => spec(props).job_template.spec.template.spec;
const environment = (props?: Partial<ModelSyncJobProps>) =>
  Object.fromEntries(
    podSpec(props).container[0].env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );

test('the program is where the image has it', () => {
  expect(podSpec().container[0].command).toEqual(['node', '/app/model-registry/dist/sync-main.js']);
  const [, image] = readFileSync(join(ROOT, 'model-server/Dockerfile'), 'utf8').split(/^FROM .*NODE_DIGEST}$/m);
  expect(image).toMatch(/^WORKDIR \/app$/m);
  expect(image).toMatch(/^COPY .*\/app\/model-registry\/dist model-registry\/dist\/$/m);
  expect(existsSync(join(ROOT, 'model-registry/src/sync-main.ts'))).toBe(true);
});

test('the model is the one that the server serves by default', () => {
  expect(environment().SYNC_MODEL).toBe(loadServerConfig({}).model);
});

test('the pod is the user that the image is made for', () => {
  const user = podSpec().security_context.run_as_user;
  expect(readFileSync(join(ROOT, 'model-server/Dockerfile'), 'utf8')).toMatch(new RegExp(`^USER ${user}:`, 'm'));
});

describe('without a source', () => {
  test('the job is suspended', () => {
    expect(spec().suspend).toBe(true);
  });

  test('it has no token for another cloud', () => {
    expect(podSpec().volume).toEqual([{ name: 'tmp', empty_dir: { size_limit: '1Gi' } }]);
  });
});

describe('with a source', () => {
  test('the job runs every quarter of an hour, never two at once', () => {
    expect(spec({ source: SOURCE })).toMatchObject({
      suspend: false,
      schedule: '0,15,30,45 * * * *',
      timezone: 'Etc/UTC',
      concurrency_policy: 'Forbid',
    });
  });

  test('a run is retried twice and ends after ten minutes', () => {
    expect(spec({ source: SOURCE }).job_template.spec).toMatchObject({
      backoff_limit: 2,
      active_deadline_seconds: 600,
    });
  });

  test('the program is told of both stores and the model', () => {
    expect(environment({ source: SOURCE, environment: { AWS_REGION: 'us-east-1' } })).toEqual({
      AWS_REGION: 'us-east-1',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/recommender/peer/token',
      SYNC_SOURCE_URL: 's3://peer/store',
      SYNC_DESTINATION_URL: 's3://own/store',
      SYNC_MODEL: 'online-retail',
    });
  });

  test("a token for the peer's cloud lies where the SDK is told to look", () => {
    const { volume, container } = podSpec({ source: SOURCE });
    expect(volume[1]).toEqual({
      name: 'peer-token',
      projected: [
        {
          sources: [
            { service_account_token: { audience: 'sts.amazonaws.com', path: 'token', expiration_seconds: 3600 } },
          ],
        },
      ],
    });
    expect(container[0].volume_mount[1]).toEqual({
      name: 'peer-token',
      mount_path: '/var/run/secrets/recommender/peer',
      read_only: true,
    });
  });
});

test('the pod keeps to the Pod Security Standard "restricted" and has no token for the API server', () => {
  expect(podSpec()).toMatchObject({
    automount_service_account_token: false,
    security_context: { run_as_non_root: true, seccomp_profile: { type: 'RuntimeDefault' } },
    container: [
      {
        security_context: {
          allow_privilege_escalation: false,
          read_only_root_filesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { cpu: '1', memory: '256Mi' } },
      },
    ],
  });
});

test('fails with an image by tag', () => {
  expect(() => synthesized({ image: 'registry.example.com/model-server:latest' })).toThrow(
    'test/Sync: image is registry.example.com/model-server:latest, which has no digest',
  );
});

test('fails when the identity belongs to another service account than the peer trusts', () => {
  const other = identity({ namespace: 'elsewhere', serviceAccountName: 'model-sync' });
  expect(() => synthesized({ identity: other })).toThrow(
    'test/Sync: identity belongs to the service account elsewhere/model-sync, but the pods run as recommender/model-sync. Make it by cluster.addWorkloadIdentity(id, SYNC_SERVICE_ACCOUNT).',
  );
});

test('it synthesizes to this', async () => {
  expect(await synthesized({ source: SOURCE }).hcl()).toMatchSnapshot();
});
