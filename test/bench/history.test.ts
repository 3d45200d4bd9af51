import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, median, meetsBar, overRounds } from '../../bench/figures';
import { appendHistory, readHistory, regressions } from '../../bench/history';
import { capacity, sampleRun } from './sample-run';

const latency = (value: number): Figure => ({ id: 'p50', title: 'p50', unit: 'ms', value, better: 'lower' });
const past = (...values: number[]) => values.map((value) => sampleRun([capacity(value)]));

test('a first run regresses in nothing', () => {
  expect(regressions(sampleRun([capacity(1)]), [])).toEqual([]);
});

test('a rate regresses when it falls by more than 5 % of the earlier median', () => {
  expect(regressions(sampleRun([capacity(9510)]), past(10_000))).toEqual([]);
  expect(regressions(sampleRun([capacity(9490)]), past(10_000))).toEqual([
    { id: 'capacity.ours', title: 'our server', unit: 'requests/s', value: 9490, baseline: 10_000, noise: 500 },
  ]);
});

test('a latency regresses when it rises, and never by falling', () => {
  const history = [sampleRun([latency(1)])];
  expect(regressions(sampleRun([latency(1.1)]), history)).toHaveLength(1);
  expect(regressions(sampleRun([latency(0.1)]), history)).toEqual([]);
});

test('what rounds differ by is noise', () => {
  expect(regressions(sampleRun([capacity(9000, 1200)]), past(10_000))).toEqual([]);
});

test('what three and more earlier runs differ by is noise, and one odd run among them is not', () => {
  expect(regressions(sampleRun([capacity(9000)]), past(10_000, 10_400, 9600))).toEqual([]);
  expect(regressions(sampleRun([capacity(9000)]), past(10_000, 10_010, 9990, 10_005, 2000))).toHaveLength(1);
});

test('only the last ten runs count', () => {
  expect(regressions(sampleRun([capacity(5000)]), past(20_000, ...Array(10).fill(5000)))).toEqual([]);
});

test.each([{ cpu: 'Other' }, { cores: 2 }, { node: '22.23.3' }])('a run on %j is no measure', (conditions) => {
  expect(regressions(sampleRun([capacity(1)]), [sampleRun([capacity(10_000)], conditions)])).toEqual([]);
});

test('a figure that says no direction never regresses', () => {
  const figure = { ...capacity(1), better: undefined };
  expect(regressions(sampleRun([figure]), past(10_000))).toEqual([]);
});

test('runs are kept as lines, in order, and a missing file is an empty history', () => {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  try {
    const path = join(folder, 'results', 'benchmark.jsonl');
    expect(readHistory(path)).toEqual([]);
    const runs = past(1, 2);
    for (const run of runs) appendHistory(path, run);
    expect(readHistory(path)).toEqual(JSON.parse(JSON.stringify(runs)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.each([
  [{ atLeast: 5 }, 5, true],
  [{ atLeast: 5 }, 4.99, false],
  [{ atMost: 5 }, 5, true],
  [{ atMost: 5 }, 5.01, false],
  [{ atLeast: 5 }, Number.NaN, false],
  [{ atMost: 5 }, Number.NaN, false],
])('a bar of %j is met by %d: %s', (bar, value, met) => {
  expect(meetsBar({ bar, value })).toBe(met);
});

test('rounds give their median and half their range', () => {
  expect(overRounds([3, 1, 2])).toEqual({ value: 2, spread: 1 });
  expect(overRounds([4])).toEqual({ value: 4 });
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(() => median([])).toThrow('no values have no median');
});
