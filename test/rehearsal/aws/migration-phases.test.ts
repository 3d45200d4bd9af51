import type { MigrationPhase } from '../../../constructs/aws';
import { motoCall } from './moto-call';
import { StandingStack } from './standing-stack';

interface Tasks {
  readonly ReplicationTasks: readonly { readonly ReplicationTaskIdentifier: string; readonly Status: string }[];
}

describe('a migration that is deployed phase after phase', () => {
  let stack: StandingStack;
  beforeAll(async () => {
    stack = await StandingStack.open('migration-phases');
  });
  afterAll(() => stack.stop());

  /** What DMS says of each task. */
  async function tasks(): Promise<Record<string, string>> {
    const call = { service: 'dms', target: 'AmazonDMSv20160101', action: 'DescribeReplicationTasks' };
    const { ReplicationTasks } = await motoCall<Tasks>(stack.endpoint, call, {});
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
      await stack.deploy({ phase });
      expect(await tasks()).toEqual(expected);
    },
    600_000,
  );
});
