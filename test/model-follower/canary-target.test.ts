import { createHash } from 'node:crypto';
import { type Canary, CanaryTarget, canaryProgress, type KubernetesApi, VersionPin } from '../../model-follower/src';
import { flaggerChecksum } from '../../model-follower/src/canary-target';

const VERSION = 'b'.repeat(64);
const CONFIG_MAP = { name: 'model-server-version', data: { RECOMMENDER_VERSION: VERSION } };
const SEEN = { 'configmap/model-server-version': flaggerChecksum(CONFIG_MAP.data), 'configmap/model-server': 'x' };

test('the checksum is the first eight bytes of the SHA-256 of its data as Go writes it: keys in order, no spaces', () => {
  const text = '{"A":"2","RECOMMENDER_VERSION":"1"}';
  const expected = createHash('sha256').update(text).digest().subarray(0, 8).toString('hex');
  expect(flaggerChecksum({ RECOMMENDER_VERSION: '1', A: '2' })).toBe(expected);
});

describe('the rollout of a Canary', () => {
  const progress = (status: NonNullable<Canary['status']>) => canaryProgress({ status }, CONFIG_MAP);

  test.each(['Progressing', 'Waiting', 'WaitingPromotion', 'Promoting', 'Finalising'])('goes on while %s', (phase) => {
    expect(progress({ phase, trackedConfigs: SEEN, canaryWeight: 20, failedChecks: 1 })).toEqual({
      verdict: 'progressing',
      reason: `${phase}: 20 % of the requests, 1 failed checks`,
    });
  });

  test.each([
    ['Succeeded', 'promoted'],
    ['Initialized', 'promoted'],
    ['Failed', 'rolled-back'],
  ])('that %s is %s, with the message of Flagger', (phase, verdict) => {
    const conditions = [{ type: 'Promoted', message: 'Canary analysis is over.' }];
    expect(progress({ phase, trackedConfigs: SEEN, conditions })).toEqual({
      verdict,
      reason: `${phase}: Canary analysis is over.`,
    });
  });

  test.each(['Succeeded', 'Failed'])('is not judged by %s, which the version before it was', (phase) => {
    const trackedConfigs = {
      ...SEEN,
      'configmap/model-server-version': flaggerChecksum({ RECOMMENDER_VERSION: 'seed' }),
    };
    const unseen = { verdict: 'progressing', reason: 'Flagger has not seen the change' };
    expect(progress({ phase, trackedConfigs })).toEqual(unseen);
    expect(progress({ phase })).toEqual(unseen);
  });
});

describe('a version', () => {
  const applied: object[] = [];
  const target = (canary: Canary) => {
    const api: KubernetesApi = {
      read: async ({ kind }) => (kind === 'Canary' ? canary : { data: { RECOMMENDER_VERSION: 'seed' } }),
      apply: async (fields) => {
        applied.push(fields);
      },
    };
    const metadata = { name: 'model-server', namespace: 'recommender' };
    return new CanaryTarget(api, new VersionPin(api, { ...metadata, name: CONFIG_MAP.name }), metadata);
  };
  beforeEach(() => applied.splice(0));

  test.each([[{}], [{ status: { phase: '' } }], [{ status: { phase: 'Initializing' } }]])(
    'waits while Flagger makes its copy of the first one: %j',
    async (canary) => {
      await expect(target(canary).pin(VERSION)).rejects.toThrow(
        /^Flagger is not ready for a new version: its Canary is /,
      );
      expect(applied).toEqual([]);
    },
  );

  test('is pinned by its own key of the ConfigMap only, and only when it is another', async () => {
    const ready = target({ status: { phase: 'Initialized' } });
    expect([await ready.pin('seed'), await ready.pin(VERSION)]).toEqual([false, true]);
    expect(applied).toEqual([
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'model-server-version', namespace: 'recommender' },
        data: { RECOMMENDER_VERSION: VERSION },
      },
    ]);
  });
});
