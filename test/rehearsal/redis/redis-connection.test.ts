import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Redis, startRedis } from '@cdktf-recommender/rehearsal';
import type { RedisConnection, RedisConnectionOptions } from '../../../model-server/src/redis/redis-connection';
import { RedisResultCache } from '../../../model-server/src/result-cache/redis-result-cache';
import { RedisUserStateStore } from '../../../model-server/src/user-state/redis-user-state-store';
import { answerOf, keyOf } from '../../model-server/result-cache/answers';
import { Connections, describeWithRedis } from './redis';

const STATE_PAGE = join(__dirname, '../../../docs/state.md');

const connections = new Connections();
const started: Redis[] = [];
afterEach(async () => {
  connections.closeAll();
  await Promise.all(started.splice(0).map((redis) => redis.stop()));
});

const start = async (options?: Parameters<typeof startRedis>[0]) => {
  const redis = await startRedis(options);
  started.push(redis);
  return redis;
};
const ping = (connection: RedisConnection) => connection.send<string>(undefined, true, ['PING']);

/** What a connection said: its circuit's changes, and all log lines as JSON. */
class Listener {
  readonly circuit: boolean[] = [];
  log = '';
  private wake: () => void = () => undefined;

  readonly options: Partial<RedisConnectionOptions> = {
    onCircuit: (open) => {
      this.circuit.push(open);
      this.wake();
    },
    logger: {
      info: (...line: unknown[]) => this.write(line),
      error: (...line: unknown[]) => this.write(line),
    },
  };

  async until(open: boolean): Promise<void> {
    while (this.circuit.at(-1) !== open) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  private write(line: unknown[]): void {
    this.log += JSON.stringify(line);
  }
}

describeWithRedis('a connection to Redis', () => {
  it('logs in with a password that needs encoding', async () => {
    const { url } = await start({ password: 'p@ss: %/?#' });
    expect(await ping(await connections.open(url))).toBe('PONG');
  });

  it('does all that a server does as a user who may do no more than the docs say', async () => {
    const [, rules = ''] = /access control list needs `([^`]+)`/.exec(readFileSync(STATE_PAGE, 'utf8')) ?? [];
    const { port } = await start({ args: ['--user', 'app', 'on', '>secret', '-@all', ...rules.split(/\s+/)] });
    const url = `redis://app:secret@127.0.0.1:${port}`;
    const connect = (onChanged: (key: string | undefined) => void) => connections.open(url, { onChanged });
    const store = await RedisUserStateStore.open({ connect, keepMs: 60_000, usersCached: 10, bytesCached: 10_000 });
    expect(await store.append('ann', [{ id: '1', item: 'a', at: 1 }])).toBe(1);
    expect(await store.get('ann')).toMatchObject({ user: 'ann' });
    expect(await store.list(10)).toEqual(['ann']);
    expect(await store.erase('ann')).toBe(true);
    const connection = await connections.open(url);
    const cache = new RedisResultCache({ redis: connection, keepMs: 60_000 });
    cache.set(keyOf('a', 'ann'), answerOf('a'));
    while (!(await cache.get(keyOf('a', 'ann'))));
    await cache.erase('ann');
    await expect(connection.send('recommender:k', false, ['GET', 'recommender:k'])).rejects.toThrow(/NOPERM/);
    expect(connection.isAvailable).toBe(true);
  });

  it('says that a password is wrong, and never which', async () => {
    const { port } = await start({ password: 'right' });
    const listener = new Listener();
    const url = `redis://:top-secret@127.0.0.1:${port}`;
    const connection = await connections.open(url, { failures: 1, ...listener.options });
    const error = await ping(connection).catch((caught: Error) => caught);
    expect(listener.log).toContain(`redis://…@127.0.0.1:${port}`);
    expect(listener.log).toMatch(/WRONGPASS/);
    expect(`${listener.log} ${(error as Error).stack} ${JSON.stringify(error)}`).not.toContain('top-secret');
  });

  it('is encrypted, and trusts only who is signed by the given authority', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'redis-tls-'));
    try {
      const [key, cert, other] = ['key.pem', 'cert.pem', 'other.pem'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      selfSigned(key, cert);
      selfSigned(join(folder, 'other-key.pem'), other);
      const { url } = await start({ tls: { key, cert } });
      expect(url).toMatch(/^rediss:/);
      expect(await ping(await connections.open(url, { caFile: cert }))).toBe('PONG');
      expect(await ping(await connections.open(url, { caFile: `${other},${cert}` }))).toBe('PONG');
      const wary = await connections.open(url, { caFile: other });
      await expect(ping(wary)).rejects.toThrow(/self-signed certificate/);
      writeFileSync(other, 'not a certificate');
      await expect(connections.open(url, { caFile: join(folder, 'none.pem') })).rejects.toThrow(/none\.pem/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('asks a Redis that is gone only until the circuit is open, and uses it when it is back', async () => {
    const redis = await start();
    const listener = new Listener();
    const connection = await connections.open(redis.url, { failures: 3, ...listener.options });
    await redis.stop();
    const failures = await Promise.allSettled(Array.from({ length: 10 }, () => ping(connection)));
    expect(failures.map(({ status }) => status)).toEqual(Array(10).fill('rejected'));
    expect(connection.isAvailable).toBe(false);
    await listener.until(true);
    expect(listener.circuit).toEqual([false, true]);
    await expect(ping(connection)).rejects.toThrow(
      `Redis for test (${redis.url}) can't be used: its circuit is open: `,
    );
    await start({ port: redis.port });
    await listener.until(false);
    expect(await ping(connection)).toBe('PONG');
  });

  it('waits for one that hangs no longer than for one command, and uses it when it goes on', async () => {
    const redis = await start();
    const listener = new Listener();
    const connection = await connections.open(redis.url, { failures: 1, timeoutMs: 50, ...listener.options });
    process.kill(redis.pid, 'SIGSTOP');
    try {
      const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => ping(connection)));
      expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason.message)).toEqual(
        Array(5).fill(expect.stringContaining('no answer within 50 ms')),
      );
      await expect(ping(connection)).rejects.toThrow('its circuit is open');
      await listener.until(true);
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
    await listener.until(false);
    expect(await ping(connection)).toBe('PONG');
  });

  it('starts without a Redis, and uses it as soon as there is one', async () => {
    const { port, stop } = await startRedis();
    await stop();
    const listener = new Listener();
    const connection = await connections.open(`redis://127.0.0.1:${port}`, { failures: 1, ...listener.options });
    await expect(ping(connection)).rejects.toThrow(/ECONNREFUSED|circuit is open/);
    await start({ port });
    await listener.until(false);
    expect(await ping(connection)).toBe('PONG');
  });

  it('starts without a cluster, and uses it as soon as there is one', async () => {
    const { port, stop } = await startRedis();
    await stop();
    const listener = new Listener();
    const url = `redis+cluster://127.0.0.1:${port}`;
    const connection = await connections.open(url, { failures: 1, ...listener.options });
    await expect(ping(connection)).rejects.toThrow(/can't be used/);
    const redis = await start({ port, args: ['--cluster-enabled', 'yes'] });
    const slots = await connections.open(redis.url);
    await slots.send(undefined, false, ['CLUSTER', 'ADDSLOTSRANGE', '0', '16383']);
    await listener.until(false);
    expect(await ping(connection)).toBe('PONG');
  });
});

function selfSigned(key: string, cert: string): void {
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const { status, stderr } = spawnSync('openssl', [...args, ...subject, '-keyout', key, '-out', cert]);
  if (status !== 0) throw new Error(`openssl failed: ${stderr}`);
}
