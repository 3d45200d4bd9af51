import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MODEL, publish, Workbench } from '../fixtures';

/** As `tsc -b` compiled it. */
const MAIN = join(__dirname, '../../../model-server/dist/main.js');

describe('two workers that share a directory of histories', () => {
  const bench = new Workbench();
  /** Connections go to the workers in turn, and stay there. */
  const connections = [0, 1].map(() => new Agent({ keepAlive: true, maxSockets: 1 }));
  let child: ChildProcess;
  let url: string;

  beforeAll(async () => {
    const { store, users } = await bench.config();
    await publish(store);
    const env = {
      RECOMMENDER_WORKERS: '2',
      RECOMMENDER_STORE: store,
      RECOMMENDER_USERS: users,
      RECOMMENDER_MODEL: MODEL,
      RECOMMENDER_PORT: '0',
      RECOMMENDER_DEADLINE_MS: '5000',
    };
    child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let serving = 0;
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const entry = JSON.parse(line);
      if (entry.msg === 'listening') url = entry.url;
      if (entry.msg === 'model version serves' && ++serving === 2) break;
    }
  });
  afterAll(async () => {
    for (const agent of connections) agent.destroy();
    child.kill('SIGKILL');
    await bench.cleanUp();
  });

  async function ask(
    agent: Agent | undefined,
    path: string,
    init: { method?: string; body?: string } = {},
  ): Promise<Record<string, unknown>> {
    const headers = { 'content-type': 'application/json' };
    const asked = httpRequest(`${url}${path}`, { agent, method: init.method, headers }).end(init.body);
    const [response] = await once(asked, 'response');
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += chunk;
    return text === '' ? {} : JSON.parse(text);
  }

  it('both know what one is told, long before its copy expires', async () => {
    const fallback = async (i: number) => (await ask(connections[i], '/v1/users/ann/recommendations')).fallback;
    expect([await fallback(0), await fallback(1)]).toEqual(['unknown-user', 'unknown-user']);
    const events = [{ id: '1', user: 'ann', item: 'item-0', type: 'purchase' }];
    const told = await ask(connections[0], '/v1/events', { method: 'POST', body: JSON.stringify({ events }) });
    expect(told).toEqual({ accepted: 1, duplicates: 0 });
    expect(await fallback(0)).toBeNull();
    // The other one is told by a message, which may come later than the answer.
    while ((await fallback(1)) !== null);
    await ask(connections[1], '/v1/users/ann', { method: 'DELETE' });
    while ((await fallback(0)) === null);
  }, 4500);
});
