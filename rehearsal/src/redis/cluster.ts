import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { RehearsalError } from '../errors';
import { run } from '../process/run';
import { type Redis, redisProgram, type StartRedisOptions, startRedis } from './server';

/** The fewest that Redis makes a cluster of. */
const NODES = 3;
const JOIN_SECONDS = 30;

export interface RedisCluster {
  readonly nodes: readonly Redis[];
  /** `redis+cluster://127.0.0.1:7000,127.0.0.1:7001,…` */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts an empty Redis in cluster mode: three nodes without replicas that share the slots.
 *
 * @throws RehearsalError when Redis can't be had, or its nodes don't find together
 */
export async function startRedisCluster(
  options: Pick<StartRedisOptions, 'onProgress' | 'signal'> = {},
): Promise<RedisCluster> {
  const program = await redisProgram(options);
  const args = ['--cluster-enabled', 'yes', '--cluster-node-timeout', '2000'];
  const nodes: Redis[] = [];
  const stop = async () => {
    await Promise.all(nodes.map((node) => node.stop()));
  };
  try {
    for (let i = 0; i < NODES; i++) nodes.push(await startRedis({ ...options, args }));
    const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
    const cli = (...command: string[]) =>
      run(join(dirname(program.path), 'redis-cli'), command, {
        env: { ...process.env, ...program.env },
        timeoutSeconds: JOIN_SECONDS,
        signal: options.signal,
      });
    const created = await cli('--cluster', 'create', ...addresses, '--cluster-yes');
    if (created.exitCode !== 0) throw new RehearsalError(`redis-cli --cluster create failed:\n${created.output}`);
    const deadline = Date.now() + JOIN_SECONDS * 1000;
    for (const { port } of nodes) {
      while (!(await cli('-p', `${port}`, 'cluster', 'info')).stdout.includes('cluster_state:ok')) {
        if (Date.now() > deadline) throw new RehearsalError("the nodes of the Redis cluster didn't find together");
        await pause(100);
      }
    }
    return { nodes, url: `redis+cluster://${addresses.join(',')}`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
