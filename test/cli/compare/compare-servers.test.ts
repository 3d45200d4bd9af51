import { type MeasuredServer, summarize, verdictsOn } from '../../../cli/compare/compare-servers';
import { type Outcome, shopRequest } from '../../../cli/compare/model-server';
import { comparisonText } from '../../../cli/compare/text';

const answer = (ms: number, degraded?: string) => ({
  outcome: { kind: 'answer', modelVersion: 'v1', degraded } as Outcome,
  ms,
  lagMs: 0,
});
const error = (reason: string) => ({
  outcome: { kind: 'error', reason } as Outcome,
  ms: 5000,
  lagMs: 3,
});

/** Ten turns of answers from `from` ms on, a millisecond apart; a turn is some 0.1 ms slower than the one before. */
const turns = (from: number, count = 100) =>
  Array.from({ length: 10 }, (_, turn) =>
    Array.from({ length: count }, (_, index) => answer(from + index + turn / 10)),
  );

test('answers, errors and degraded answers are counted by reason, and latency is that of the answers', () => {
  const [first = [], ...rest] = turns(1);
  const spoilt = [error('timeout'), error('status 503'), error('timeout'), ...first];
  expect(summarize('http://a', [spoilt, [answer(1, 'model-deadline')], ...rest])).toEqual({
    url: 'http://a',
    modelVersions: ['v1'],
    asked: 1004,
    answers: 1001,
    errors: { timeout: 2, 'status 503': 1 },
    degraded: { 'model-deadline': 1 },
    latencyMs: {
      // The turn of one answer is left out.
      50: { estimate: 50.45, low: 50.1, high: 50.8 },
      95: { estimate: 95.45, low: 95.1, high: 95.8 },
      99: { estimate: 99.45, low: 99.1, high: 99.8 },
    },
    lagP99Ms: 0,
  });
});

test('a p99 wants a hundred answers a turn, a p95 twenty', () => {
  expect(Object.keys(summarize('http://a', turns(1, 99)).latencyMs)).toEqual(['50', '95']);
  expect(Object.keys(summarize('http://a', turns(1, 19)).latencyMs)).toEqual(['50']);
  expect(summarize('http://a', turns(1, 1)).latencyMs).toEqual({});
});

test('a difference is seen where intervals are apart, and no other', () => {
  const a = summarize('http://a', turns(1));
  const same = {
    p50: 'no difference seen',
    p95: 'no difference seen',
    p99: 'no difference seen',
  };
  expect(verdictsOn(a, summarize('http://b', turns(1.5)))).toEqual({
    ...same,
    errors: 'no difference seen',
    degraded: 'no difference seen',
  });
  expect(verdictsOn(a, summarize('http://b', turns(2)))).toMatchObject({
    p50: 'A has less',
    p99: 'A has less',
  });
  expect(verdictsOn(summarize('http://b', turns(2)), a)).toMatchObject({
    p50: 'B has less',
    p99: 'B has less',
  });
  expect(verdictsOn(a, summarize('http://b', turns(1, 50)))).toMatchObject({
    p99: 'too few answers',
  });
});

test('few errors are no difference, many are', () => {
  const with_ = (errors: number) =>
    summarize('http://b', [...turns(1), Array.from({ length: errors }, () => error('status 500'))]);
  expect(verdictsOn(with_(0), with_(3)).errors).toBe('no difference seen');
  expect(verdictsOn(with_(0), with_(30)).errors).toBe('A has less');
});

test('a server that never answers is told, too', () => {
  const dead = summarize('http://b', [[error('ECONNRESET')]]);
  expect([dead.answers, dead.modelVersions]).toEqual([0, []]);
  expect(verdictsOn(dead, summarize('http://a', turns(1)))).toMatchObject({
    degraded: 'too few answers',
    p50: 'too few answers',
  });
});

test('both are asked the same: a visitor, an item, a session, each with other items than the one before', () => {
  const items = ['a', 'b', 'c', 'd', 'e'];
  const asked = Array.from({ length: 60 }, (_, index) => shopRequest(index, items));
  expect(asked.slice(0, 6)).toEqual([
    { path: '/v1/users/visitor-0/recommendations?limit=10' },
    { path: '/v1/items/a/similar' },
    { path: '/v1/recommendations', body: { items: ['a', 'b', 'c'] } },
    { path: '/v1/users/visitor-1/recommendations?limit=10' },
    { path: '/v1/items/b/similar' },
    { path: '/v1/recommendations', body: { items: ['b', 'c', 'd'] } },
  ]);
  const sessions = new Set(asked.flatMap(({ body }) => (body ? JSON.stringify(body) : [])));
  expect(sessions.size).toBe(20);
});

test('an item is written as a path has it', () => {
  expect(shopRequest(1, ['a/b?c']).path).toBe('/v1/items/a%2Fb%3Fc/similar');
});

test('the text fits 80 columns, and says where and when it was measured', () => {
  const a = summarize('http://127.0.0.1:8080', turns(1));
  const b: MeasuredServer = {
    ...summarize('http://127.0.0.1:8081', [...turns(4), [error('timeout'), answer(1, 'model-busy')]]),
    lagP99Ms: 14,
  };
  const text = comparisonText({
    measured: {
      at: '2026-11-22T21:12:34.567Z',
      from: 'AMD EPYC, 4 cores, linux',
    },
    rate: 50,
    rounds: 10,
    secondsATurn: 3,
    a,
    b,
    verdicts: verdictsOn(a, b),
  });
  expect(text).toMatchInlineSnapshot(`
    "Measured 2026-11-22T21:12Z from AMD EPYC, 4 cores, linux
    10 turns of 3 s for each, 50 requests a second
    A  http://127.0.0.1:8080
    B  http://127.0.0.1:8081

                      A                 B                    verdict
    requests          1000              1002
    answers           1000              1001
    errors            0                 1                    no difference seen
    degraded answers  0                 1                    no difference seen
    model             v1                v1                   the same
    p50 in ms         50.5 (50.1–50.8)  53.5 (53.1–53.8)     A has less
    p95 in ms         95.5 (95.1–95.8)  98.5 (98.1–98.8)     A has less
    p99 in ms         99.5 (99.1–99.8)  102.5 (102.1–102.8)  A has less

    In brackets: where the median of the turns lies, with 95 % confidence. Latency
    counts from the intended start, and has the way there in it.
    http://127.0.0.1:8081: 1 × timeout, 1 × model-busy
    This machine sent late itself (p99 14 ms): the latencies are too high."
  `);
  expect(text.split('\n').filter(({ length }) => length > 80)).toEqual([]);
});
