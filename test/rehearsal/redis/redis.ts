import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { RedisConnection, type RedisConnectionOptions } from '../../../model-server/src/redis/redis-connection';

/** As built, because it has to be known before tests are collected, and a program is had by waiting for it. */
const REHEARSAL = join(__dirname, '../../../rehearsal/dist/index.js');
const FETCH = `require(process.argv[1]).redisProgram().catch((error) => {
  process.stderr.write(error.message);
  process.exit(1);
})`;
const { status, stderr } = spawnSync(process.execPath, ['-e', FETCH, REHEARSAL], { encoding: 'utf8' });
if (status !== 0) console.warn(`Tests with a real Redis are skipped: ${stderr.trim()}`);

/** Skipped, and counted so, on a machine where no redis-server can be had. */
export const describeWithRedis = status === 0 ? describe : describe.skip;

/** Connections of a test file, for patient commands; `closeAll` belongs in `afterEach`. */
export class Connections {
  private readonly opened: RedisConnection[] = [];

  async open(url: string, options: Partial<RedisConnectionOptions> = {}): Promise<RedisConnection> {
    const connection = await RedisConnection.open({ url, use: 'test', timeoutMs: 5000, failures: 5, ...options });
    this.opened.push(connection);
    return connection;
  }

  closeAll(): void {
    for (const connection of this.opened.splice(0)) connection.close();
  }
}
