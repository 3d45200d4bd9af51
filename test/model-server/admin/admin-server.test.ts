import { request as httpRequest, type OutgoingHttpHeaders } from 'node:http';
import pino from 'pino';
import { type AdminServer, startAdminServer } from '../../../model-server/src/admin/admin-server';
import { ServerConfig } from '../../../model-server/src/config';
import { METRICS } from '../../../model-server/src/metric-names';
import { publish, type Reply, request, Workbench } from '../fixtures';

describe('a server with an admin port', () => {
  const bench = new Workbench();
  let url: string;
  let admin: string;

  beforeAll(async () => {
    const config = await bench.config({ adminPort: 0 });
    await publish(config.store);
    const server = await bench.server(config);
    url = server.url;
    admin = `http://127.0.0.1:${server.adminPort}`;
  });
  afterAll(() => bench.cleanUp());

  it('has its metrics there alone', async () => {
    await request(`${url}/v1/users/ann/recommendations`);
    const { status, headers, body } = await request(`${admin}/metrics`);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(body).toContain(`${METRICS.ready} 1`);
    expect(body).toMatch(new RegExp(`${METRICS.requests}{route="/v1/users/:user/recommendations",.*} 1`));
    expect((await request(`${url}/metrics`)).status).toBe(404);
  });

  it('answers nothing of the API there', async () => {
    const { status, body } = await request(`${admin}/v1/model`);
    expect([status, body.type]).toEqual([404, 'urn:cdktf-recommender:problem:not-found']);
  });
});

describe('the admin port', () => {
  const lines: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (line) => lines.push(JSON.parse(line)) });
  const shared: string[] = [];
  let server: AdminServer;
  let url: string;

  beforeAll(async () => {
    const config = ServerConfig.parse({ store: 's3://models/prefix', otlpEndpoint: 'http://me:secret@collector:4318' });
    const metrics = async () => 'up 1\n';
    server = await startAdminServer({ config, logger, metrics, onLogLevel: (level) => shared.push(level) }, 0);
    url = `http://127.0.0.1:${server.port}`;
  });
  afterAll(() => server.close());

  const put = (body: unknown) =>
    request(`${url}/debug/log-level`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('profiles the processor for as long as it is asked to', async () => {
    const { status, headers, body } = await request(`${url}/debug/cpu-profile?seconds=1`, { method: 'POST' });
    expect([status, headers.get('content-disposition')]).toEqual([
      200,
      expect.stringMatching(/^attachment; filename="model-server-\d+-.*\.cpuprofile"$/),
    ]);
    const microseconds = body.endTime - body.startTime;
    expect(microseconds).toBeGreaterThan(900_000);
    expect(body.nodes[0].callFrame.functionName).toBe('(root)');
    expect(body.samples.length).toBe(body.timeDeltas.length);
  });

  it('refuses a second diagnosis while one is under way, and takes one when that was given up', async () => {
    const first = new AbortController();
    const given = request(`${url}/debug/cpu-profile?seconds=60`, { method: 'POST', signal: first.signal });
    const another = (): Promise<Reply> => request(`${url}/debug/cpu-profile?seconds=1`, { method: 'POST' });
    // They come on two connections, so the second may be the first to arrive.
    let reply = await another();
    while (reply.status === 200) reply = await another();
    expect([reply.status, reply.body.type, reply.body.detail]).toEqual([
      409,
      'urn:cdktf-recommender:problem:diagnosis-running',
      'a CPU profile is under way; wait until it is done',
    ]);
    first.abort();
    await expect(given).rejects.toThrow('aborted');
    while (reply.status === 409) reply = await another();
    expect(reply.status).toBe(200);
  });

  it.each(['0', '61', '1.5', 'long', ''])('refuses a profile of "%s" seconds', async (seconds) => {
    const { status, body } = await request(`${url}/debug/cpu-profile?seconds=${seconds}`, { method: 'POST' });
    expect([status, body.errors]).toEqual([
      400,
      [{ field: 'seconds', value: seconds, allowed: 'a whole number from 1 to 60' }],
    ]);
  });

  it('says what the process is busy with', async () => {
    const { status, body } = await request(`${url}/debug/process`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ pid: process.pid, node: process.version });
    expect(body.eventLoop.utilization).toBeGreaterThanOrEqual(0);
    expect(body.eventLoop.utilization).toBeLessThanOrEqual(1);
    expect(body.eventLoop.delayMs.max).toBeGreaterThanOrEqual(body.eventLoop.delayMs.mean);
    expect(body.activeResources.TCPServerWrap).toBeGreaterThanOrEqual(1);
    expect(body.memory.rss).toBeGreaterThan(1e7);
  });

  it('shows the configuration without credentials', async () => {
    const { body } = await request(`${url}/debug/config`);
    expect(body).toMatchObject({ store: 's3://models/prefix', otlpEndpoint: 'http://[redacted]@collector:4318' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('changes the log level while the server runs, and says so in the log', async () => {
    expect((await request(`${url}/debug/log-level`)).body).toEqual({ level: 'info' });
    const { status, body } = await put({ level: 'error' });
    expect([status, body, logger.level, shared]).toEqual([200, { level: 'error' }, 'error', ['error']]);
    expect(lines.at(-1)).toMatchObject({
      before: 'info',
      after: 'error',
      level: 60,
      msg: 'log level changed by the admin port',
    });
    await put({ level: 'info' });
  });

  it('refuses a level that does not exist', async () => {
    const { status, body } = await put({ level: 'loud' });
    expect([status, logger.level]).toEqual([400, 'info']);
    expect(body.errors).toEqual([
      { field: 'level', value: 'loud', allowed: 'one of trace, debug, info, warn, error, fatal, silent' },
    ]);
  });

  it('refuses other methods, and says which it takes', async () => {
    const { status, headers } = await request(`${url}/debug/log-level`, { method: 'DELETE' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT, OPTIONS']);
    expect((await request(`${url}/debug/cpu-profile`)).status).toBe(405);
  });

  it.each([
    ['sends an Origin', { Origin: 'http://evil.example' }],
    ['is fetched by a browser', { 'Sec-Fetch-Site': 'cross-site' }],
    ['got here by a name of its own', { Host: 'rebound.example:80' }],
  ])('refuses a page that %s, but not its metrics', async (_, headers) => {
    const reply = await withHeaders(`${url}/debug/config`, headers);
    expect([reply.status, JSON.parse(reply.text).type]).toEqual([403, 'urn:cdktf-recommender:problem:forbidden']);
    expect(await withHeaders(`${url}/metrics`, headers)).toEqual({ status: 200, text: 'up 1\n' });
  });
});

/** `fetch` sets some headers itself. */
function withHeaders(url: string, headers: OutgoingHttpHeaders): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    httpRequest(url, { headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });
}
