import { randomHex } from '../../../model-server/src/telemetry/random-ids';
import { RequestRecord } from '../../../model-server/src/telemetry/request-record';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const record = (headers: Record<string, string>) => new RequestRecord(Object.entries(headers).flat());

test('ids are hexadecimal, of the length asked for, and none comes twice', () => {
  const ids = Array.from({ length: 5000 }, (_, i) => randomHex(i % 2 === 0 ? 32 : 16));
  expect(ids.filter((id, i) => !(i % 2 === 0 ? /^[\da-f]{32}$/ : /^[\da-f]{16}$/).test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a request without headers has ids of its own, and the trace's is the request's", () => {
  const { id, traceId, spanId, parentSpanId, parentSampled } = record({ host: 'a' });
  expect([traceId, spanId]).toEqual([expect.stringMatching(/^[\da-f]{32}$/), expect.stringMatching(/^[\da-f]{16}$/)]);
  expect([id, parentSpanId, parentSampled]).toEqual([traceId, undefined, undefined]);
});

test("a caller's trace goes on, with its state", () => {
  const { traceId, spanId, parentSpanId, parentSampled, traceState } = record({
    Traceparent: PARENT,
    tracestate: 'shop=1',
  });
  expect([traceId, parentSpanId, parentSampled, traceState]).toEqual([TRACE, '00f067aa0ba902b7', true, 'shop=1']);
  expect(spanId).not.toBe(parentSpanId);
});

test.each([
  ['the trace is not valid', { traceparent: 'none', tracestate: 'shop=1' }],
  ['it is longer than 512 characters', { traceparent: PARENT, tracestate: `a=${'b'.repeat(512)}` }],
])('a state is dropped when %s', (_, headers) => {
  expect(record(headers).traceState).toBeUndefined();
});

test("a caller's request id is kept", () => {
  expect(record({ 'X-Request-Id': 'cart/42:a.b_c-d=@+' }).id).toBe('cart/42:a.b_c-d=@+');
});

test.each([
  ['is empty', ['x-request-id', '']],
  ['is longer than 128 characters', ['x-request-id', 'a'.repeat(129)]],
  ['would break a log or a header', ['x-request-id', 'a"\u0000b']],
  ['is there twice', ['x-request-id', 'a', 'x-request-id', 'b']],
])('a request id that %s is replaced', (_, rawHeaders) => {
  const { id, traceId } = new RequestRecord(rawHeaders);
  expect(id).toBe(traceId);
});

describe('the headers for those who are called on its behalf', () => {
  const tracer = (sampled: boolean) => ({ isSampled: () => sampled });

  it.each([
    [true, '01'],
    [false, '00'],
  ])('name the span of this server and whether it is sampled: %s', (sampled, flags) => {
    const one = record({ traceparent: PARENT, tracestate: 'shop=1' });
    one.tracer = tracer(sampled);
    expect(one.traceHeaders()).toEqual({ traceparent: `00-${TRACE}-${one.spanId}-${flags}`, tracestate: 'shop=1' });
  });

  it("are the caller's own where nothing is traced", () => {
    expect(record({ traceparent: PARENT }).traceHeaders()).toEqual({ traceparent: PARENT });
  });

  it('are none without a trace', () => {
    expect(record({}).traceHeaders()).toBeUndefined();
  });
});
