import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Redis, redisProgram, startRedis } from '@cdktf-recommender/rehearsal';
import { parse } from 'yaml';
import { Valkey, ValkeyData } from '../../../constructs/kubernetes';
import { RedisUserStateStore } from '../../../model-server/src/user-state/redis-user-state-store';
import { CLUSTER, inCluster } from '../../constructs/kubernetes/fixtures';
import { Connections, describeWithRedis } from './redis';

/** The values that the construct installs the chart by. */
function chartValues(data: ValkeyData) {
  const releases = inCluster((stack, namespace) => {
    new Valkey(stack, 'Cache', { cluster: CLUSTER, namespace, data });
  }).resources('helm_release');
  const { values } = Object.values(releases).find(({ name }) => name === data.name) as { values: string[] };
  return parse(values[0] as string, { version: '1.1' });
}

const PASSWORD = 'a'.repeat(48);
const CUSTOMERS = 500;

describeWithRedis('a Redis with the settings and users of Valkey for histories', () => {
  const values = chartValues(ValkeyData.histories());
  const folder = mkdtempSync(join(tmpdir(), 'valkey-'));
  const connections = new Connections();
  const data = join(folder, 'data');
  let redis: Redis;
  const url = (user: string, server = redis) => server.url.replace('://', `://${user}:${PASSWORD}@`);

  /** Lines of `valkey.conf` as arguments, and users as the chart writes them, beside one who may look in. */
  function settings(directory: string): string[] {
    const hash = createHash('sha256').update(PASSWORD).digest('hex');
    const users = Object.entries({ ...values.auth.aclUsers, tester: { permissions: '~* +@all' } });
    const lines = users.map(
      ([name, user]) => `user ${name} on #${hash} ${(user as { permissions: string }).permissions}`,
    );
    writeFileSync(join(folder, 'users.acl'), `${lines.join('\n')}\n`);
    const own = (values.valkeyConfig as string).trim().split('\n');
    return [
      '--aclfile',
      join(folder, 'users.acl'),
      '--dir',
      directory,
      ...own.flatMap((line) => `--${line}`.split(' ')),
    ];
  }
  const histories = (server?: Redis) =>
    RedisUserStateStore.open({
      connect: (onChanged) => connections.open(url('recommender', server), { onChanged }),
      keepMs: 86_400_000,
      usersCached: 0,
      bytesCached: 0,
    });

  beforeAll(async () => {
    mkdirSync(data);
    redis = await startRedis({ args: settings(data) });
  }, 600_000);
  afterAll(async () => {
    connections.closeAll();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('refuses who has no login, and the model server what it never does', async () => {
    expect(await redisCli(redis, 'get', 'a')).toContain('NOAUTH');
    const server = await connections.open(url('recommender'));
    await expect(server.send(undefined, false, ['FLUSHALL'])).rejects.toThrow('NOPERM');
    await expect(server.send('other', true, ['DEL', 'other'])).rejects.toThrow('NOPERM');
  });

  test("lets the chart's probe pass, which has no login", async () => {
    expect(await redisCli(redis, 'ping')).toContain('NOAUTH');
  });

  test('keeps histories, and starts with them from a snapshot of its volume taken while it is written', async () => {
    const store = await histories();
    for (let i = 0; i < CUSTOMERS; i++) {
      await store.append(`customer-${i}`, [{ item: `item-${i}`, at: i + 1 }]);
    }
    await written();
    let writing = true;
    const more = (async () => {
      for (let i = 0; writing; i++) await store.append(`later-${i}`, [{ item: 'a', at: 1 }]);
    })();
    // Halted for the time of the copy, as a disk's snapshot is of one moment.
    process.kill(redis.pid, 'SIGSTOP');
    const snapshot = join(folder, 'snapshot');
    cpSync(data, snapshot, { recursive: true });
    process.kill(redis.pid, 'SIGCONT');
    writing = false;
    await more;
    const restored = await startRedis({ args: settings(snapshot) });
    try {
      const again = await histories(restored);
      for (let i = 0; i < CUSTOMERS; i++) {
        expect((await again.get(`customer-${i}`))?.events).toMatchObject([{ item: `item-${i}`, at: i + 1 }]);
      }
    } finally {
      connections.closeAll();
      await restored.stop();
    }
  });

  /** Everything that was answered is in the file. */
  async function written(): Promise<void> {
    const tester = await connections.open(url('tester'));
    while (!/^aof_buffer_length:0\r?$/m.test(await tester.send<string>(undefined, true, ['INFO', 'persistence'])));
  }
});

/** What redis-cli prints; it rejects when that exits otherwise than by 0. */
async function redisCli({ port }: Redis, ...command: string[]): Promise<string> {
  const { path, env } = await redisProgram();
  const args = ['-p', `${port}`, ...command];
  return (await promisify(execFile)(join(dirname(path), 'redis-cli'), args, { env })).stdout;
}
