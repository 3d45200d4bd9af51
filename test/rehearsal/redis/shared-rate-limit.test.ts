import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Redis, startRedis } from '@cdktf-recommender/rehearsal';
import { publish, request, Workbench } from '../../model-server/fixtures';
import { describeWithRedis } from './redis';

const MAIN = join(__dirname, '../../../model-server/dist/main.js');
const LIMIT = 20;
const PATH = '/v1/items/item-1/similar';

describeWithRedis('a rate limit that servers share', () => {
  const bench = new Workbench();
  const children: ChildProcess[] = [];
  let redis: Redis;
  let urls: string[];

  beforeAll(async () => {
    redis = await startRedis();
    const { store, users, model } = await bench.config();
    await publish(store);
    // As a mounted Secret has it.
    const urlFile = join(await bench.directory(), 'redis-url');
    await writeFile(urlFile, `${redis.url}\n`);
    const environment = {
      PATH: process.env.PATH ?? '',
      RECOMMENDER_PORT: '0',
      RECOMMENDER_STORE: store,
      RECOMMENDER_USERS: users,
      RECOMMENDER_MODEL: model,
      RECOMMENDER_DRAIN_SECONDS: '0',
      RECOMMENDER_TRUST_PROXY: '1',
      RECOMMENDER_RATE_LIMIT_PER_ADDRESS: `${LIMIT}`,
      RECOMMENDER_RATE_LIMIT_SECONDS: '3600',
      RECOMMENDER_RATE_LIMIT_REDIS_FILE: urlFile,
      // A cold process on a busy machine is not a Redis that is down.
      RECOMMENDER_REDIS_TIMEOUT_MS: '1000',
    };
    urls = await Promise.all([start(environment), start(environment)]);
  });
  afterAll(async () => {
    await Promise.all(
      children.map(async (child) => {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
    await redis.stop();
    await bench.cleanUp();
  });

  async function start(env: Record<string, string>): Promise<string> {
    const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    let address: string | undefined;
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const { url, msg } = JSON.parse(line);
      address ??= url;
      if (address && msg === 'model version serves') {
        child.stdout?.resume();
        return address;
      }
    }
    throw new Error('the server ended before it served');
  }

  /** Status and milliseconds of requests that go to the servers by turns, at the same time. */
  async function ask(times: number, address: string): Promise<{ status: number; ms: number }[]> {
    const one = async (i: number) => {
      const started = performance.now();
      const headers = { 'x-forwarded-for': address };
      const { status } = await request(`${urls[i % urls.length]}${PATH}`, { headers });
      return { status, ms: performance.now() - started };
    };
    return Promise.all(Array.from({ length: times }, (_, i) => one(i)));
  }
  const allowed = (replies: { status: number }[]) => replies.filter(({ status }) => status === 200).length;

  it('lets through as many of an address as it says, all servers together, and to the last', async () => {
    const replies = await ask(5 * LIMIT, '1.2.3.4');
    expect(allowed(replies)).toBe(LIMIT);
    expect(replies.filter(({ status }) => status === 429)).toHaveLength(4 * LIMIT);
    expect(allowed(await ask(LIMIT, '5.6.7.8'))).toBe(LIMIT);
  });

  it('is kept by each server for itself while Redis hangs, and together again when it is back', async () => {
    process.kill(redis.pid, 'SIGSTOP');
    try {
      const replies = await ask(4 * LIMIT, '7.7.7.7');
      expect(allowed(replies)).toBe(2 * LIMIT);
      expect(replies.filter(({ status }) => status === 429)).toHaveLength(2 * LIMIT);
    } finally {
      process.kill(redis.pid, 'SIGCONT');
    }
    // A probe in the background finds out; until then each new address has its own count on each server.
    let last = 0;
    for (let i = 0; last !== LIMIT; i++) last = allowed(await ask(2 * LIMIT, `8.8.${i >> 8}.${i & 255}`));
    expect(last).toBe(LIMIT);
  });
});
