import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src';
import { billOf } from '../../src/cost/bill';
import { loadWithin } from '../../src/cost/load-within';
import { CostGuard } from '../../src/guards/cost-guard';
import { countedStacks, production } from './counted-stacks';

const ROOT = join(__dirname, '../..');
const page = (name: string) => readFileSync(join(ROOT, name), 'utf8');
const dollars = (usd: number) => `$${Math.round(usd).toLocaleString('en-US')}`;

const both = countedStacks(loadConfig(ROOT), 'prod');

test('production on both clouds is within the budget of $500, as expected, and nothing is left out', () => {
  const { usd, unpriced, stale } = billOf(both, { today: new Date('2026-11-22') });
  expect(usd.expected).toBeLessThan(500);
  expect([unpriced, stale]).toEqual([[], []]);
  expect(new CostGuard({ budget: 500, today: new Date('2026-11-22') }).check(both)).toEqual([]);
});

test('the page says what that costs, buys, and where it stops', () => {
  const { floor, expected, ceiling } = billOf(both).usd;
  const text = page('docs/cost.md').replaceAll('\n', ' ');
  expect(text).toContain(
    `cost **${dollars(expected)}** as expected, at least ${dollars(floor)}, at most ${dollars(ceiling)}`,
  );
  const most = loadWithin(500, both) ?? 0;
  expect(text).toContain(`stops at ${most} % mean load, ${Math.round((most / 100) * 1000 * 2.628)} million requests`);
});

test.each(['lean', 'standard', 'regulated'])('the page of profiles, and the README, say what %s costs', (profile) => {
  const { floor, expected } = billOf(production({ profile }, undefined)).usd;
  const row = (text: string) => text.split('\n').find((line) => line.startsWith(`| \`${profile}\``)) ?? '';
  expect(
    row(page('docs/profiles.md'))
      .split('|')
      .slice(2, 4)
      .map((cell) => cell.trim()),
  ).toEqual([dollars(floor), dollars(expected)]);
  expect(row(page('README.md')).split('|')[2]?.trim()).toBe(dollars(expected));
});

test('and what Azure does', () => {
  const { floor, expected } = billOf(production(undefined, {})).usd;
  expect(page('docs/profiles.md')).toContain(`${dollars(floor)} at least, ${dollars(expected)} as expected`);
});

test('the largest deployment is within its budget', () => {
  const config = loadConfig(join(ROOT, 'examples/regulated.config.ts'));
  expect(billOf(countedStacks(config, 'prod')).usd.expected).toBeLessThan(config.budget.monthlyUsd);
});
