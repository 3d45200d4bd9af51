import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawCharts, historyChart, latencyChart, throughputChart } from '../../bench/charts';
import { type BenchRun, readHistory } from '../../bench/history';
import { formatReport } from '../../bench/report';
import { capacity, sampleRun } from './sample-run';

const ROOT = join(__dirname, '../..');
const PAGE = join(ROOT, 'docs/benchmark.md');

test('a page tells each figure with its spread and whether its bar is met', () => {
  const page = formatReport(sampleRun([capacity(8250.4, 120)]), []);
  expect(page).toContain('| our server | 8,250 requests/s ± 120 | ≥ 8,000, met |');
  expect(formatReport(sampleRun([capacity(7999.9)]), [])).toContain(
    '| our server | 8,000 requests/s | ≥ 8,000, missed |',
  );
});

test('a page tells what was not measured, the machine, and what histories the figures are for', () => {
  const page = formatReport(sampleRun([]), []);
  expect(page).toContain('Not measured: the server has no setting workers.');
  expect(page).toContain('Example 9000, 4 cores, 16 GB, Linux 6.1.0');
  expect(page).toContain('`short` 200 customers with 22.4 items on average (median 22, at most 40)');
});

test('a page tells how many cores the planned load needs', () => {
  const page = formatReport(sampleRun([{ ...capacity(4500), id: 'capacity.ours.real' }]), []);
  expect(page).toContain('## What 10,000 visitors need');
  expect(page).toMatch(/for 10 s between two requests ask 1,000 times a second. One core carries\n4,500 a second/);
  expect(page).toContain(': 1 of one core would do.');
  expect(page).toContain(
    '`CapacityPlan` counts on 600 a second from a replica, 13 % of that, and begins with 2 of them',
  );
});

test('charts are whole SVG pictures with the values in them, the same each time', () => {
  const run = sampleRun([capacity(8250)]);
  for (const draw of [throughputChart, latencyChart, (one: BenchRun) => historyChart([one])]) {
    const svg = draw(run);
    expect(svg).toMatch(/^<svg [^>]*>[\s\S]*<\/svg>\s*$/);
    expect(draw(run)).toBe(svg);
  }
  expect(throughputChart(run)).toContain('>8,250<');
  expect(latencyChart(run)).toContain('>100 ms<');
});

test('there is no chart of what was not measured', () => {
  const { scenarios, ...rest } = sampleRun([]);
  const empty = { ...rest, scenarios: scenarios.slice(1) };
  expect([throughputChart(empty), latencyChart(empty), historyChart([empty])]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('the page and its charts are those of the last run in the history', () => {
  const history = readHistory(join(ROOT, 'docs/results/benchmark.jsonl'));
  const last = history.at(-1);
  expect(existsSync(PAGE)).toBe(last !== undefined);
  if (!last) return;
  const charts = drawCharts(history);
  expect(readFileSync(PAGE, 'utf8')).toBe(formatReport(last, charts));
  for (const { file, svg } of charts) expect(readFileSync(join(ROOT, 'docs/benchmark', file), 'utf8')).toBe(svg);
});
