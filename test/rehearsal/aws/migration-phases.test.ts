import type { OpenStack } from '@cdktf-recommender/rehearsal';
import type { MigrationPhase } from '../../../constructs/aws';
import { emulatedRequest } from './emulated-request';
import { areaEnvironment, openArea } from './rehearsed-area';

const NAME = 'migration-phases';

interface Tasks {
  readonly ReplicationTasks: readonly { readonly ReplicationTaskIdentifier: string; readonly Status: string }[];
}

describe('a migration that is deployed phase after phase', () => {
  let stack: OpenStack;
  beforeAll(async () => {
    stack = await openArea(NAME, { phase: 'replicate' });
  }, 300_000);
  afterAll(() => stack?.stop());

  /** What DMS says of each task. */
  async function tasks(): Promise<Record<string, string>> {
    const target = 'AmazonDMSv20160101.DescribeReplicationTasks';
    const { ReplicationTasks } = await emulatedRequest<Tasks>(stack.moto.endpoint, {
      service: 'dms',
      target,
      body: {},
    });
    return Object.fromEntries(ReplicationTasks.map((task) => [task.ReplicationTaskIdentifier, task.Status]));
  }

  it.each<[MigrationPhase, Record<string, string>]>([
    ['replicate', { 'shop-prod-forward': 'running' }],
    ['verify', { 'shop-prod-forward': 'running', 'shop-prod-comparison': 'running' }],
    ['cut-over', { 'shop-prod-forward': 'stopped', 'shop-prod-reverse': 'running' }],
    ['undone', { 'shop-prod-forward': 'stopped', 'shop-prod-reverse': 'stopped' }],
  ])(
    'in %s, its tasks are %j',
    async (phase, expected) => {
      await stack.synthesize(areaEnvironment(NAME, { engine: 'real', protection: false, phase }));
      await stack.apply();
      expect(await tasks()).toEqual(expected);
    },
    600_000,
  );
});
