import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Collector, freePort, startCollector } from '@cdktf-recommender/rehearsal';
import { environmentVariable } from '../../../model-server/src/config';
import { METRICS } from '../../../model-server/src/metric-names';
import { MODEL, post, publish, request, Workbench } from '../../model-server/fixtures';
import { GrpcClient } from '../../model-server/grpc-client';

/** As built, because it has to be known before tests are collected, and a program is had by waiting for it. */
const REHEARSAL = join(__dirname, '../../../rehearsal/dist/index.js');
const BUILD = `require(process.argv[1]).collectorProgram().catch((error) => {
  process.stderr.write(error.message);
  process.exit(1);
})`;
const { status, stderr } = spawnSync(process.execPath, ['-e', BUILD, REHEARSAL], { encoding: 'utf8' });
if (status !== 0) console.warn(`Tests with a real OpenTelemetry collector are skipped: ${stderr.trim()}`);
const describeWithCollector = status === 0 ? describe : describe.skip;

/** As built, because jest's realm has a Uint8Array of its own, which Node's HTTP client doesn't take. */
const MAIN = join(__dirname, '../../../model-server/dist/main.js');
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';
const INTERNAL = 1;
const SERVER = 2;

interface Span {
  name: string;
  kind: number;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes?: { key: string; value: { stringValue?: string; intValue?: string } }[];
  links?: { traceId: string; spanId: string }[];
}

/** What the collector passes on, in OTLP's JSON. */
class Backend {
  readonly spans: Span[] = [];
  resource: Record<string, string | undefined> = {};
  private server!: Server;
  private wake = (): void => undefined;

  async listen(): Promise<string> {
    this.server = createServer(async (incoming, response) => {
      let text = '';
      for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
      for (const { resource, scopeSpans } of JSON.parse(text).resourceSpans) {
        this.resource = attributesOf(resource);
        for (const { spans } of scopeSpans) this.spans.push(...spans);
      }
      response.setHeader('Content-Type', 'application/json').end('{}');
      this.wake();
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async until(done: () => boolean): Promise<void> {
    while (!done()) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  named(name: string): Span[] {
    return this.spans.filter((span) => span.name === name);
  }

  close(): void {
    this.server.close();
  }
}

function attributesOf({ attributes = [] }: Pick<Span, 'attributes'>): Record<string, string | undefined> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]));
}

describeWithCollector('traces by a real collector', () => {
  const bench = new Workbench();
  const backend = new Backend();
  let collector: Collector | undefined;
  let endpoint: string;
  const servers: ChildProcess[] = [];

  /** A server with one version of a model. */
  async function serve(settings: Record<string, string | number>) {
    const { store, users } = await bench.config();
    const version = await publish(store);
    const all = { store, users, model: MODEL, port: 0, drainSeconds: 0, otlpEndpoint: endpoint, ...settings };
    const env = Object.entries(all).map(([name, value]) => [environmentVariable(name), `${value}`]);
    const child = spawn(process.execPath, [MAIN], {
      env: Object.fromEntries(env),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    servers.push(child);
    let url = '';
    for await (const line of createInterface({ input: child.stdout })) {
      const entry = JSON.parse(line);
      url ||= entry.url ?? '';
      if (entry.msg === 'model version serves') break;
    }
    child.stdout.resume();
    return { url, version, child };
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await exited;
  }
  let passOnTo: string;

  beforeAll(async () => {
    passOnTo = await backend.listen();
    collector = await startCollector({ passOnTo });
    endpoint = collector.endpoint;
  });
  afterAll(async () => {
    await bench.cleanUp();
    // Undefined when it did not start, which must not leave the back end listening.
    await collector?.stop();
    backend.close();
  });
  afterEach(async () => {
    await Promise.all(servers.splice(0).map(end));
    backend.spans.length = 0;
  });

  test("a caller's trace goes on through the server, its steps and the shared run", async () => {
    const { url, version } = await serve({ traceSampleRatio: 0, traceSlowMs: 60_000 });
    const session = (headers: Record<string, string>) =>
      post(`${url}/v1/recommendations`, { items: ['item-1'] }, headers);
    const { headers } = await session({ traceparent: `00-${TRACE}-${CALLER}-01`, 'x-request-id': 'cart-42' });
    await session({});
    expect(headers.get('x-request-id')).toBe('cart-42');
    await backend.until(() => backend.named('batch').length > 0);

    expect(backend.resource).toMatchObject({ 'service.name': 'model-server', 'service.version': expect.any(String) });
    const [server] = backend.named('POST /v1/recommendations') as [Span];
    expect(server).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, kind: SERVER });
    expect(attributesOf(server)).toEqual({
      'http.request.method': 'POST',
      'http.route': '/v1/recommendations',
      'http.response.status_code': '200',
      'url.scheme': 'http',
      'recommender.model_version': version,
      'recommender.rung': 'session',
      'recommender.request_id': 'cart-42',
    });
    for (const name of ['queue', 'run', 'rank']) {
      expect(backend.named(name)).toEqual([
        expect.objectContaining({ traceId: TRACE, parentSpanId: server.spanId, kind: INTERNAL }),
      ]);
    }
    const [batch] = backend.named('batch') as [Span];
    expect(batch.traceId).not.toBe(TRACE);
    expect(batch.links).toMatchObject([{ traceId: TRACE, spanId: server.spanId }]);
    expect(backend.named('run')[0]?.links).toMatchObject([{ traceId: batch.traceId, spanId: batch.spanId }]);
    const [start, end] = [BigInt(server.startTimeUnixNano), BigInt(server.endTimeUnixNano)];
    for (const span of backend.spans.filter(({ traceId }) => traceId === TRACE)) {
      expect(BigInt(span.startTimeUnixNano) >= start && BigInt(span.endTimeUnixNano) <= end).toBe(true);
    }
  });

  test("a caller's trace goes on through a gRPC call", async () => {
    const grpcPort = await freePort();
    const { version } = await serve({ traceSampleRatio: 0, traceSlowMs: 60_000, grpcPort });
    const client = new GrpcClient(grpcPort);
    const metadata = { traceparent: `00-${TRACE}-${CALLER}-01`, 'x-request-id': 'cart-43' };
    await client.call('recommender.v1.Recommender', 'RecommendForSession', { items: ['item-1'] }, { metadata });
    client.close();
    await backend.until(() => backend.named('batch').length > 0);
    const [server] = backend.named('recommender.v1.Recommender/RecommendForSession') as [Span];
    expect(server).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, kind: SERVER });
    expect(attributesOf(server)).toEqual({
      'rpc.system': 'grpc',
      'rpc.service': 'recommender.v1.Recommender',
      'rpc.method': 'RecommendForSession',
      'rpc.grpc.status_code': '0',
      'recommender.model_version': version,
      'recommender.rung': 'session',
      'recommender.request_id': 'cart-43',
    });
    for (const name of ['queue', 'run', 'rank']) {
      expect(backend.named(name)).toEqual([expect.objectContaining({ traceId: TRACE, parentSpanId: server.spanId })]);
    }
  });

  test('a slow request is kept although nobody sampled it, and a fast one is not', async () => {
    const { url } = await serve({ traceSampleRatio: 0, traceSlowMs: 0 });
    await request(`${url}/livez`);
    const { headers } = await request(`${url}/v1/users/ann/recommendations`);
    await backend.until(() => backend.spans.length > 0);
    expect(backend.spans.map(({ name }) => name).sort()).toEqual(['GET /v1/users/:user/recommendations', 'user-state']);
    expect(backend.spans[0]?.traceId).toBe(headers.get('x-request-id'));
  });

  test('what waits is exported when the server ends', async () => {
    const { url, child } = await serve({ traceSampleRatio: 1 });
    await request(`${url}/v1/users/ann/recommendations`);
    await end(child);
    expect(backend.named('GET /v1/users/:user/recommendations')).toHaveLength(1);
  });

  test('without the collector the server answers all the same, and says what it could not export', async () => {
    const gone = await startCollector({ passOnTo });
    const { url } = await serve({ otlpEndpoint: gone.endpoint, traceSampleRatio: 1 });
    await gone.stop();
    const failed = new RegExp(`${METRICS.traceSpans}{result="failed"} [1-9]`);
    let metrics = '';
    const given = AbortSignal.timeout(30_000);
    while (!failed.test(metrics)) {
      given.throwIfAborted();
      expect((await request(`${url}/v1/users/ann/recommendations`)).status).toBe(200);
      metrics = (await request(`${url}/metrics`)).body;
    }
  }, 60_000);
});
