import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Collector, freePort, startCollector } from '@cdktf-recommender/rehearsal';
import { TRACE_COLLECTOR_IMAGE } from '../../../constructs/kubernetes';
import { collectorConfig } from '../../../constructs/kubernetes/tracing/collector-config';

/** As built, because it has to be known before tests are collected, and a program is had by waiting for it. */
const REHEARSAL = join(__dirname, '../../../rehearsal/dist/index.js');
const BUILD = `require(process.argv[1]).collectorProgram().catch((error) => {
  process.stderr.write(error.message);
  process.exit(1);
})`;
const { status, stderr } = spawnSync(process.execPath, ['-e', BUILD, REHEARSAL], { encoding: 'utf8' });
if (status !== 0) console.warn(`Tests with a real OpenTelemetry collector are skipped: ${stderr.trim()}`);
const describeWithCollector = status === 0 ? describe : describe.skip;

const SLOW_MS = 100;
const ERROR = 2;
/** Milliseconds of the epoch. */
const BEGIN = Date.UTC(2026, 10, 22);

interface TestSpan {
  readonly trace: string;
  readonly name: string;
  readonly ms?: number;
  readonly failed?: boolean;
}

/** What the collector keeps, by trace: the names of its spans. */
class Tempo {
  readonly kept = new Map<string, string[]>();
  private server!: Server;
  private wake = (): void => undefined;

  async listen(): Promise<string> {
    this.server = createServer(async (incoming, response) => {
      let text = '';
      for await (const chunk of incoming.setEncoding('utf8')) text += chunk;
      for (const { scopeSpans } of JSON.parse(text).resourceSpans) {
        for (const { spans } of scopeSpans) {
          for (const { traceId, name } of spans) this.kept.set(traceId, [...(this.kept.get(traceId) ?? []), name]);
        }
      }
      response.setHeader('Content-Type', 'application/json').end('{}');
      this.wake();
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async until(trace: string): Promise<void> {
    while (!this.kept.has(trace)) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

const traceId = (number: number) => number.toString(16).padStart(32, '0');

async function send(endpoint: string, spans: readonly TestSpan[]): Promise<number> {
  const nanos = (ms: number) => `${BigInt(BEGIN + ms) * 1_000_000n}`;
  const response = await fetch(`${endpoint}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceSpans: [
        {
          scopeSpans: [
            {
              spans: spans.map(({ trace, name, ms = 5, failed }, index) => ({
                traceId: trace,
                spanId: (index + 1).toString(16).padStart(16, '0'),
                name,
                startTimeUnixNano: nanos(0),
                endTimeUnixNano: nanos(ms),
                status: failed ? { code: ERROR } : {},
              })),
            },
          ],
        },
      ],
    }),
  });
  return response.status;
}

describeWithCollector('the collector of the cluster, by its own configuration', () => {
  const running: { collector: Collector; tempo: Tempo }[] = [];

  async function start(keptPercent: number, cloud?: Tempo) {
    const tempo = new Tempo();
    const tracesUrl = cloud && `${await cloud.listen()}/v1/traces`;
    const healthPort = await freePort();
    const collector = await startCollector({
      passOnTo: await tempo.listen(),
      // As shipped, but for addresses, a shorter wait, and JSON for this test to read.
      configuration: ({ port, passOnTo }) => {
        const authenticator = { type: 'sigv4auth', settings: {} };
        const shipped = collectorConfig({
          destination: tracesUrl === undefined ? undefined : { tracesUrl, authenticator },
          slowMs: SLOW_MS,
          keptPercent,
          exportTo: passOnTo,
          endpoint: `127.0.0.1:${port}`,
          healthEndpoint: `127.0.0.1:${healthPort}`,
          decisionSeconds: 1,
        });
        const { extensions, exporters, service } = shipped;
        // This build has no part that signs.
        const readable = ({ auth, ...exporter }: { auth?: object }) => ({
          ...exporter,
          encoding: 'json',
          compression: 'none',
        });
        return {
          ...shipped,
          extensions: { health_check: extensions.health_check },
          exporters: Object.fromEntries(Object.entries(exporters).map(([name, one]) => [name, readable(one)])),
          service: {
            ...service,
            extensions: ['health_check'],
            telemetry: { ...service.telemetry, logs: { output_paths: ['stdout'] } },
          },
        };
      },
    });
    running.push({ collector, tempo });
    return { endpoint: collector.endpoint, tempo, healthPort };
  }
  afterEach(async () => {
    for (const { collector, tempo } of running.splice(0)) {
      await collector.stop();
      tempo.close();
    }
  });

  test("hands what it keeps to a cloud's store, too, and what it doesn't keep to neither", async () => {
    const cloud = new Tempo();
    const { endpoint, tempo } = await start(0, cloud);
    const [failed, fast] = [traceId(1), traceId(2)];
    await send(endpoint, [
      { trace: fast, name: 'fast' },
      { trace: failed, name: 'failed', failed: true },
    ]);
    await Promise.all([tempo.until(failed), cloud.until(failed)]);
    expect([...cloud.kept]).toEqual([[failed, ['failed']]]);
    expect([...tempo.kept]).toEqual([...cloud.kept]);
    cloud.close();
  });

  test('keeps what is slow and what failed, whole, and of the rest nothing when that is said', async () => {
    const { endpoint, tempo } = await start(0);
    const [slow, failed, last] = [traceId(901), traceId(902), traceId(903)];
    const fast = Array.from({ length: 50 }, (_, number) => traceId(number + 1));
    await send(
      endpoint,
      fast.map((trace) => ({ trace, name: 'fast' })),
    );
    await send(endpoint, [
      { trace: slow, name: 'slow', ms: SLOW_MS + 1 },
      { trace: slow, name: 'its part' },
    ]);
    // What failed comes after what called it.
    await send(endpoint, [{ trace: failed, name: 'caller' }]);
    await send(endpoint, [{ trace: failed, name: 'failed', failed: true }]);
    await tempo.until(failed);
    // Decided on after all the others.
    await send(endpoint, [{ trace: last, name: 'last', failed: true }]);
    await tempo.until(last);
    expect([...tempo.kept.keys()].sort()).toEqual([slow, failed, last]);
    expect(tempo.kept.get(slow)?.sort()).toEqual(['its part', 'slow']);
    expect(tempo.kept.get(failed)?.sort()).toEqual(['caller', 'failed']);
  }, 60_000);

  test('keeps about the share of the rest that is asked for', async () => {
    const { endpoint, tempo } = await start(20);
    const last = traceId(1_000_001);
    // Spread as real ids are: the sampler hashes them.
    const fast = Array.from({ length: 1000 }, (_, number) => traceId((number + 1) * 7919));
    expect(
      await send(
        endpoint,
        fast.map((trace) => ({ trace, name: 'fast' })),
      ),
    ).toBe(200);
    await send(endpoint, [{ trace: last, name: 'last', failed: true }]);
    await tempo.until(last);
    const share = (tempo.kept.size - 1) / fast.length;
    expect(share).toBeGreaterThan(0.14);
    expect(share).toBeLessThan(0.26);
  }, 60_000);

  test('answers the probes that the pod has', async () => {
    const { healthPort } = await start(10);
    expect((await fetch(`http://127.0.0.1:${healthPort}/`)).status).toBe(200);
  }, 60_000);
});

test('the image is of the version that is run here', () => {
  const [, version] = TRACE_COLLECTOR_IMAGE.split(':');
  const modules = readFileSync(join(__dirname, '../../../rehearsal/collector/go.mod'), 'utf8');
  for (const part of ['receiver/otlpreceiver', 'processor/tailsamplingprocessor', 'exporter/otlphttpexporter']) {
    expect(modules).toMatch(new RegExp(`/${part} v${version}$`, 'm'));
  }
});
