import { formatTraceParent, parseTraceParent } from '../../../model-server/src/telemetry/trace-parent';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

test.each([
  ['01', true],
  ['00', false],
  ['03', true],
  ['fe', false],
])('of flags %s the last bit says whether the caller sampled', (flags, sampled) => {
  expect(parseTraceParent(`00-${TRACE}-${SPAN}-${flags}`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled });
});

test('a later version is read by what this one knows', () => {
  expect(parseTraceParent(`cc-${TRACE}-${SPAN}-01-what-comes-later`)).toMatchObject({ traceId: TRACE, sampled: true });
});

// Cases of the W3C's own test suite (github.com/w3c/trace-context, test/test.py).
test.each([
  ['is missing', undefined],
  ['is empty', ''],
  ['has no trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['has no span', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['has version ff', `ff-${TRACE}-${SPAN}-01`],
  ['has capital letters', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['has other letters', `00-${TRACE.replace('4', 'g')}-${SPAN}-01`],
  ['is cut', `00-${TRACE}-${SPAN}`],
  ['is longer than its version allows', `00-${TRACE}-${SPAN}-01-more`],
  ['grows without a dash', `cc-${TRACE}-${SPAN}-01.more`],
  ['is there twice', `00-${TRACE}-${SPAN}-01,00-${TRACE}-${SPAN}-01`],
])('a header that %s starts a new trace', (_, header) => {
  expect(parseTraceParent(header)).toBeUndefined();
});

test('what is written is what was read', () => {
  for (const sampled of [true, false]) {
    const parent = { traceId: TRACE, spanId: SPAN, sampled };
    expect(parseTraceParent(formatTraceParent(parent))).toEqual(parent);
  }
});
