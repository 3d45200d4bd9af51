import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { METRICS } from '../../../model-server/src/metric-names';
import { MODEL, publish, request, Workbench } from '../fixtures';

/** As `tsc -b` compiled it. */
const MAIN = join(__dirname, '../../../model-server/dist/main.js');
const REQUESTS = 40;

/** On a connection of its own, so that the workers take turns. */
function onNewConnection(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}

describe('two workers', () => {
  const bench = new Workbench();
  const log: Record<string, unknown>[] = [];
  let child: ChildProcess;
  let url: string;
  let admin: string;

  beforeAll(async () => {
    const { store, users } = await bench.config();
    await publish(store);
    child = spawn(process.execPath, [MAIN], {
      env: {
        RECOMMENDER_WORKERS: '2',
        RECOMMENDER_STORE: store,
        RECOMMENDER_USERS: users,
        RECOMMENDER_MODEL: MODEL,
        RECOMMENDER_PORT: '0',
        RECOMMENDER_ADMIN_PORT: '0',
        RECOMMENDER_DRAIN_SECONDS: '0',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const listening = new Promise<Record<string, unknown>>((resolve) => {
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
        const entry = JSON.parse(line);
        log.push(entry);
        const serving = log.filter(({ msg }) => msg === 'model version serves').length;
        if (serving === 2) resolve(log.find(({ msg }) => msg === 'listening') as Record<string, unknown>);
      });
    });
    const { url: at, adminPort } = await listening;
    url = at as string;
    admin = `http://127.0.0.1:${adminPort}`;
  }, 30_000);
  afterAll(async () => {
    // Its workers too, which a SIGKILL would leave behind.
    if (child.exitCode === null) {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    }
    await bench.cleanUp();
  });

  const workersOf = (message: string) => new Set(log.filter(({ msg }) => msg === message).map(({ pid }) => pid));

  it('are scraped as one, whichever answers', async () => {
    for (let i = 0; i < REQUESTS; i++) await onNewConnection(`${url}/v1/users/ann/recommendations`);
    for (let i = 0; i < 4; i++) {
      const text = await onNewConnection(`${admin}/metrics`);
      const requests = new RegExp(`^${METRICS.requests}{route="/v1/users/:user/recommendations",.*} ${REQUESTS}$`, 'm');
      expect(text).toMatch(requests);
      expect(text).toMatch(new RegExp(`^${METRICS.requestDuration}_count{.*recommendations".*} ${REQUESTS}$`, 'm'));
      expect(text).toMatch(new RegExp(`^${METRICS.ready} 1$`, 'm'));
    }
  });

  it('share a log level', async () => {
    const init = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: '{"level":"warn"}' };
    expect((await request(`${admin}/debug/log-level`, init)).status).toBe(200);
    let levels: string[] = [];
    // The other worker is told by a message, which may come later than this answer.
    while (!levels.every((level) => level === '{"level":"warn"}') || levels.length === 0) {
      levels = await Promise.all(Array.from({ length: 4 }, () => onNewConnection(`${admin}/debug/log-level`)));
    }
    await request(`${admin}/debug/log-level`, { ...init, body: '{"level":"info"}' });
    while (!levels.every((level) => level === '{"level":"info"}')) {
      levels = await Promise.all(Array.from({ length: 4 }, () => onNewConnection(`${admin}/debug/log-level`)));
    }
  });

  it('give a heap snapshot that knows what is in memory', async () => {
    const { status, headers, body } = await request(`${admin}/debug/heap-snapshot`, { method: 'POST' });
    expect([status, headers.get('content-disposition')]).toEqual([200, expect.stringContaining('.heapsnapshot"')]);
    const { snapshot, nodes, strings } = body;
    expect(snapshot.node_count).toBe(nodes.length / snapshot.meta.node_fields.length);
    expect(strings).toContain('RequestMetrics');
  });

  it('write what they logged before they end', async () => {
    const exited = once(child, 'exit');
    const closed = once(child.stdout as NodeJS.ReadableStream, 'close');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
    await closed;
    expect(workersOf('shut down').size).toBe(2);
    expect(workersOf('request').size).toBe(2);
    expect(log.filter(({ msg }) => msg === 'request')).toHaveLength(REQUESTS);
  });
});
