import pino from 'pino';
import type { ServerConfig } from '../../model-server/src/config';
import { METRICS } from '../../model-server/src/metric-names';
import { type RunningServer, startServer } from '../../model-server/src/server';
import { post, publish, type Reply, request, Workbench } from './fixtures';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const ROUTE = '/v1/users/:user/recommendations';

describe('the request log', () => {
  const bench = new Workbench();
  const servers: RunningServer[] = [];
  const log: Record<string, unknown>[] = [];
  let wake = (): void => undefined;
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close({ drain: false })));
    await bench.cleanUp();
    log.length = 0;
  });

  async function serve(
    settings: Partial<ServerConfig> = {},
    level = 'info',
  ): Promise<{ url: string; version: string }> {
    const config = await bench.config({ traceSlowMs: 60_000, ...settings });
    const version = await publish(config.store);
    const write = (line: string) => {
      log.push(JSON.parse(line));
      wake();
    };
    const server = await startServer(config, pino({ level }, { write }));
    servers.push(server);
    return { url: server.url, version };
  }

  const lines = () => log.filter(({ msg }) => msg === 'request');

  /** A line is written when the connection is done with the answer, which may be after the client has it. */
  async function logged(count: number): Promise<Record<string, unknown>[]> {
    while (lines().length < count) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return lines();
  }

  it('has one line for each request, with its id, its route, who answered, and no customer', async () => {
    const { url, version } = await serve();
    const { headers } = await request(`${url}/v1/users/ann/recommendations`);
    const [line] = await logged(1);
    expect(line).toEqual({
      level: 30,
      time: expect.any(Number),
      pid: process.pid,
      hostname: expect.any(String),
      msg: 'request',
      requestId: headers.get('x-request-id'),
      route: ROUTE,
      method: 'GET',
      status: 200,
      ms: expect.any(Number),
      modelVersion: version,
      rung: 'popular',
      fallback: 'unknown-user',
    });
    expect(line?.requestId).toMatch(/^[\da-f]{32}$/);
  });

  it("says the caller's request id and trace, in the log and back", async () => {
    const { url } = await serve();
    const headers = { 'x-request-id': 'cart-42', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
    const replies: Reply[] = [
      await post(`${url}/v1/recommendations`, { items: ['item-1'] }, headers),
      await post(`${url}/v1/recommendations`, { items: [] }, headers),
      await request(`${url}/v1/model`, { headers }),
      await request(`${url}/nowhere`, { headers }),
    ];
    expect(replies.map(({ status, headers }) => [status, headers.get('x-request-id')])).toEqual([
      [200, 'cart-42'],
      [400, 'cart-42'],
      [200, 'cart-42'],
      [404, 'cart-42'],
    ]);
    const entries = await logged(4);
    expect(entries.map(({ route, status, requestId, trace_id }) => [route, status, requestId, trace_id])).toEqual([
      ['/v1/recommendations', 200, 'cart-42', TRACE],
      ['/v1/recommendations', 400, 'cart-42', TRACE],
      ['/v1/model', 200, 'cart-42', TRACE],
      ['other', 404, 'cart-42', TRACE],
    ]);
  });

  it('leaves out what machines ask every few seconds', async () => {
    const { url } = await serve();
    for (const path of ['/livez', '/readyz', '/startupz', '/metrics', '/nowhere']) await request(`${url}${path}`);
    expect((await logged(1)).map(({ status }) => status)).toEqual([404]);
  });

  it('thins out what went well and fast, and nothing else', async () => {
    const { url } = await serve({ accessLogSample: 0 });
    for (let i = 0; i < 5; i++) await request(`${url}/v1/users/ann/recommendations`);
    await request(`${url}/v1/users/ann/recommendations?limit=0`);
    expect((await logged(1)).map(({ status }) => status)).toEqual([400]);
    const { body } = await request(`${url}/metrics`);
    expect(body).toContain(`${METRICS.requests}{route="${ROUTE}",method="GET",status="200"} 5`);
  });

  it('keeps what was slow', async () => {
    const { url } = await serve({ accessLogSample: 0, traceSlowMs: 0 });
    await request(`${url}/v1/users/ann/recommendations`);
    expect((await logged(1)).map(({ status }) => status)).toEqual([200]);
  });

  it('logs failures as errors', async () => {
    const config = await bench.config();
    const write = (line: string) => {
      log.push(JSON.parse(line));
      wake();
    };
    // Without a model.
    const server = await startServer(config, pino({ level: 'error' }, { write }));
    servers.push(server);
    await request(`${server.url}/v1/users/ann/recommendations`);
    expect(await logged(1)).toMatchObject([{ level: 50, status: 503, route: ROUTE }]);
  });
});
