import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import pino from 'pino';
import { Metrics } from '../../../model-server/src/metrics';
import { type ModelRun, RequestRecord } from '../../../model-server/src/telemetry/request-record';
import { Tracer } from '../../../model-server/src/telemetry/tracer';

const ROUTE = '/v1/users/:user/recommendations';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER = '00f067aa0ba902b7';

/** Keeps what it was given also after its end. */
class Kept extends InMemorySpanExporter {
  readonly spans: ReadableSpan[] = [];
  override export(...[spans, done]: Parameters<SpanExporter['export']>): void {
    this.spans.push(...spans);
    super.export(spans, done);
  }
}

function tracer({ exporter = new Kept() as SpanExporter, sampleRatio = 0 } = {}) {
  const metrics = new Metrics();
  const lines: { level: number; msg: string }[] = [];
  const logger = pino({}, { write: (line) => lines.push(JSON.parse(line)) });
  return { exporter, metrics, lines, tracer: new Tracer({ exporter, sampleRatio, slowMs: 100, metrics, logger }) };
}

function ended(record: RequestRecord, { status = 200, ms = 10 } = {}) {
  return { route: ROUTE, method: 'GET', status, endedAt: record.startedAt + ms };
}

/** A request whose steps took 1 ms each, from the fourth on in `run`. */
function traced(headers: Record<string, string> = {}): RequestRecord {
  const record = new RequestRecord(Object.entries(headers).flat());
  const at = record.startedAt;
  record.userStateAt = at + 1;
  record.userStateEndedAt = at + 2;
  record.queuedAt = at + 3;
  record.rankedAt = at + 6;
  record.modelVersion = 'f'.repeat(64);
  record.rung = 'personal';
  return record;
}

function share(...records: RequestRecord[]): ModelRun {
  const [first] = records as [RequestRecord];
  const run: ModelRun = {
    startedAt: first.startedAt + 4,
    endedAt: first.startedAt + 5,
    requests: records.map((record) => ({ queuedAt: record.queuedAt, record })),
  };
  for (const record of records) record.run = run;
  return run;
}

async function keptOf(decide: (tracer: Tracer) => void, sampleRatio = 0): Promise<ReadableSpan[]> {
  const kept = new Kept();
  const { tracer: one } = tracer({ exporter: kept, sampleRatio });
  decide(one);
  await one.close();
  return kept.spans;
}

const msOf = ({ startTime, endTime }: ReadableSpan) =>
  (endTime[0] - startTime[0]) * 1000 + (endTime[1] - startTime[1]) / 1e6;

describe('which traces are kept', () => {
  const CASES: [string, Record<string, string>, { status?: number; ms?: number }, boolean][] = [
    ['a fast one is not', {}, {}, false],
    ['one that took as long as is allowed is not', {}, { ms: 100 }, false],
    ['a slow one is', {}, { ms: 100.5 }, true],
    ['a failed one is', {}, { status: 503 }, true],
    ["one that failed by the caller's fault is not", {}, { status: 404 }, false],
    ['one that the caller sampled is', { traceparent: `00-${TRACE}-${CALLER}-01` }, {}, true],
    ['one that the caller did not sample is not', { traceparent: `00-${TRACE}-${CALLER}-00` }, {}, false],
    ['a slow one that the caller did not sample is', { traceparent: `00-${TRACE}-${CALLER}-00` }, { ms: 200 }, true],
  ];
  test.each(CASES)('%s', async (_, headers, end, kept) => {
    const record = new RequestRecord(Object.entries(headers).flat());
    const spans = await keptOf((one) => one.finish(record, ended(record, end)));
    expect(spans.map(({ name }) => name)).toEqual(kept ? [`GET ${ROUTE}`] : []);
  });

  test('of requests without a caller the ratio is kept', async () => {
    const { tracer: one } = tracer({ sampleRatio: 0.25 });
    const sampled = Array.from({ length: 8000 }, () => one.isSampled(new RequestRecord([]))).filter(Boolean).length;
    // Nine standard deviations of a binomial: sqrt(8000 · 0.25 · 0.75) = 39.
    expect(Math.abs(sampled - 2000)).toBeLessThan(350);
    await one.close();
  });

  test('in an outage twenty a second are kept besides the sampled ones', async () => {
    const record = new RequestRecord([]);
    const spans = await keptOf((one) => {
      for (let i = 0; i < 1000; i++) one.finish(record, ended(record, { status: 503 }));
    });
    expect(spans).toHaveLength(20);
  });
});

describe('the spans of a request', () => {
  let spans: ReadableSpan[];
  let record: RequestRecord;
  const named = (name: string) => spans.filter((span) => span.name === name);
  const only = (name: string) => {
    expect(named(name)).toHaveLength(1);
    return named(name)[0] as ReadableSpan;
  };

  beforeAll(async () => {
    record = traced({ traceparent: `00-${TRACE}-${CALLER}-01`, tracestate: 'shop=1', 'x-request-id': 'cart-42' });
    const other = traced();
    share(record, other);
    spans = await keptOf((one) => {
      one.finish(record, ended(record, { status: 500 }));
      one.finish(other, ended(other));
    }, 1);
  });

  it("has the server's, under the caller's", () => {
    const server = named(`GET ${ROUTE}`)[0] as ReadableSpan;
    expect(server.kind).toBe(SpanKind.SERVER);
    expect(server.spanContext()).toMatchObject({ traceId: TRACE, spanId: record.spanId });
    expect(server.spanContext().traceState?.serialize()).toBe('shop=1');
    expect(server.parentSpanContext).toMatchObject({ spanId: CALLER, isRemote: true });
    expect(server.status.code).toBe(SpanStatusCode.ERROR);
    expect(server.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': ROUTE,
      'http.response.status_code': 500,
      'url.scheme': 'http',
      'error.type': '500',
      'recommender.request_id': 'cart-42',
      'recommender.model_version': 'f'.repeat(64),
      'recommender.rung': 'personal',
    });
    expect(msOf(server)).toBeCloseTo(10, 3);
    expect(Math.abs(server.startTime[0] * 1000 - Date.now())).toBeLessThan(60_000);
  });

  it.each(['user-state', 'queue', 'run', 'rank'])('has %s under it, of one millisecond', (name) => {
    const [span] = named(name).filter((one) => one.spanContext().traceId === TRACE) as [ReadableSpan];
    expect(span.parentSpanContext?.spanId).toBe(record.spanId);
    expect(msOf(span)).toBeCloseTo(1, 3);
  });

  it('has one span for the run, that links the requests which shared it, and is linked by theirs', () => {
    const batch = only('batch');
    expect(batch.attributes).toEqual({
      'recommender.batch.size': 2,
      'recommender.model_version': 'f'.repeat(64),
    });
    const servers = named(`GET ${ROUTE}`).map((span) => span.spanContext().spanId);
    expect(batch.links.map(({ context }) => context.spanId)).toEqual(servers);
    expect(named('run').map(({ links }) => links[0]?.context.spanId)).toEqual(
      Array(2).fill(batch.spanContext().spanId),
    );
    expect(batch.parentSpanContext).toBeUndefined();
  });

  it('has the cache when it was asked', async () => {
    const hit = traced();
    hit.queuedAt = 0;
    hit.cacheAt = hit.startedAt + 2;
    hit.cacheEndedAt = hit.startedAt + 3;
    hit.cacheHit = true;
    spans = await keptOf((one) => one.finish(hit, ended(hit)), 1);
    expect(spans.map(({ name }) => name)).toEqual([`GET ${ROUTE}`, 'user-state', 'cache']);
    expect(only('cache').attributes).toEqual({ 'recommender.cache.hit': true });
  });

  it('ends a run that never ended with the request', async () => {
    const hung = traced();
    hung.rankedAt = 0;
    share(hung).endedAt = 0;
    spans = await keptOf((one) => one.finish(hung, ended(hung, { ms: 300 })));
    expect(msOf(only('run'))).toBeCloseTo(296, 3);
    expect(named('rank')).toEqual([]);
  });
});

describe('an exporter that fails', () => {
  const failing: SpanExporter = {
    export: (_, done) => done({ code: 1, error: new Error('connect ECONNREFUSED') }),
    shutdown: async () => undefined,
  };

  it('is logged once, and its spans are counted', async () => {
    const { tracer: one, metrics, lines } = tracer({ exporter: failing, sampleRatio: 1 });
    for (let i = 0; i < 600; i++) {
      const record = new RequestRecord([]);
      one.finish(record, ended(record));
    }
    await one.close();
    expect(lines).toEqual([expect.objectContaining({ level: 40, msg: 'traces can not be exported' })]);
    expect((await metrics.traceSpans.get()).values).toEqual([
      expect.objectContaining({ labels: { result: 'failed' }, value: 600 }),
    ]);
  });

  it('that never answers makes spans be dropped, and counted, not kept in memory', async () => {
    const waiting: (() => void)[] = [];
    let answers = false;
    const silent: SpanExporter = {
      export: (_, done) => {
        waiting.push(() => done({ code: 0 }));
        if (answers) for (const answer of waiting.splice(0)) answer();
      },
      shutdown: async () => undefined,
    };
    const { tracer: one, metrics } = tracer({ exporter: silent, sampleRatio: 1 });
    for (let i = 0; i < 5000; i++) {
      const record = new RequestRecord([]);
      one.finish(record, ended(record));
    }
    expect((await metrics.traceSpans.get()).values).toEqual([
      expect.objectContaining({ labels: { result: 'dropped' }, value: 5000 - 4096 }),
    ]);
    answers = true;
    for (const answer of waiting.splice(0)) answer();
    await one.close();
  });
});
