import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReportDocument } from '../../cli/report/report';
import { recommender } from './recommender';

const ROOT = join(__dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'comparison-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('both clouds bear the same load, and what is modelled is told from what is measured', async () => {
  const page = join(folder, 'page.html');
  const args = ['report', 'comparison', '--environment', 'prod', '--json', '--html', page, '--project', ROOT];
  const { stdout } = await recommender(args);
  const { reports } = JSON.parse(stdout) as ReportDocument;
  const [report] = reports;
  expect(reports.map(({ name }) => name)).toEqual(['comparison']);
  const figures = new Map(report?.figures.map(({ id, value }) => [id, value]));
  // 2 × $0.0672, and 4 vCPUs of $0.0351, for 0.18 million requests an hour.
  expect([figures.get('comparison.aws-prod.million'), figures.get('comparison.azure-prod.million')]).toEqual([
    0.747, 0.78,
  ]);

  const tables = report?.tables ?? [];
  const measured = tables.filter(({ title }) => title.startsWith('Measured 2026-11-22 on one core of AMD EPYC'));
  const modelled = tables.filter(({ title }) => title.includes(', modelled: '));
  expect([measured.length, modelled.length, tables.length]).toEqual([1, 4, 5]);
  const sizes = modelled.map(({ rows }) => rows.map(([size]) => size));
  expect(sizes[0]).toEqual(expect.arrayContaining(['t4g.large *', 'm7g.large', 'c8g.large ?']));
  expect(sizes[2]).toEqual(expect.arrayContaining(['D2ps_v6 *', 'B2pls_v2']));
  expect(report?.charts.every(({ title }) => title.endsWith('(modelled)'))).toBe(true);
  expect(report?.summary.join('\n')).toContain('leaves out garbage collection');
  expect(readFileSync(page, 'utf8')).toContain('<section id="comparison"><h2>What other nodes would cost</h2>');
}, 120_000);
