import { FlaggerWords } from '../../bench/reliability/delivery/flagger-words';

const line = (msg: string, canary = 'model-server.shop') => JSON.stringify({ level: 'info', msg, canary });
const LATE = 'Halt model-server.shop advancement latency-p99-ms 497.50 > 100';

function heard(...lines: string[]): FlaggerWords {
  const words = new FlaggerWords();
  for (const one of lines) words.add(one);
  return words;
}

test('a gate that says no is known with the first that was said of it, in its namespace alone', () => {
  const words = heard(line(LATE), line(LATE.replace('497.50', '164.65')), line('Advance model-server.shop weight 20'));
  expect([...words.refusals('shop')]).toEqual([['latency-p99-ms', LATE]]);
  expect([...words.refusals('other')]).toEqual([]);
});

test.each([
  ['has no values', 'Halt advancement no values found for custom metric: error-percentage: no values found'],
  ['could not be asked', 'Metric query failed for error-percentage: request failed'],
])('a gate that %s says no', (_, msg) => {
  expect([...heard(line(msg)).refusals('shop').keys()]).toEqual(['error-percentage']);
});

test('the next version begins anew', () => {
  const words = heard(line(LATE));
  words.forget('shop');
  expect([...words.refusals('shop')]).toEqual([]);
});

test('lines that are no JSON, or of no canary, say nothing', () => {
  const words = heard('I1122 starting', JSON.stringify({ msg: LATE }), line(LATE));
  expect(words.refusals('shop').size).toBe(1);
});
