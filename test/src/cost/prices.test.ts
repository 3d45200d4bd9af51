import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LIST_PRICES } from '../../../src/cost/list-prices';
import { pricesPage } from '../../../src/cost/price-docs';
import { isStale, PriceList } from '../../../src/cost/price-list';

test('the page of prices is what the list says; `npm run docs` writes it', () => {
  expect(readFileSync(join(__dirname, '../../../docs/prices.md'), 'utf8')).toBe(pricesPage());
});

test('every price has a page of whoever is paid, a source and the month it was read in', () => {
  const wrong = LIST_PRICES.filter(
    ({ usd, publisher, source, checked }) =>
      !(
        usd > 0 &&
        /^https:\/\//.test(publisher) &&
        /^https:\/\//.test(source) &&
        /^20\d\d-(0[1-9]|1[0-2])$/.test(checked)
      ),
  );
  expect(wrong).toEqual([]);
});

test('no price is listed twice', () => {
  const ids = LIST_PRICES.map(({ id }) => id);
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
});

test('what nobody could confirm is said to be so, and is the smaller part', () => {
  const open = LIST_PRICES.filter(({ confirmed }) => !confirmed);
  expect(open.map(({ id }) => id)).toContain('azure/disk/premium/64');
  expect(open.length).toBeLessThan(LIST_PRICES.length / 2);
});

test.each([
  ['2026-05', '2026-11-27', false],
  ['2026-05', '2026-11-29', true],
  ['2025-12', '2026-06-29', false],
  ['2025-12', '2026-07-01', true],
])('a price read in %s is old on %s: %s', (checked, today, old) => {
  expect(isStale({ checked }, new Date(today))).toBe(old);
});

test("a price of one's own keeps what it is for, and comes from the config", () => {
  const nat = new PriceList(LIST_PRICES, { 'aws/nat-gateway': 0.04 }).find('aws/nat-gateway');
  expect(nat).toMatchObject({ usd: 0.04, per: 'hour', what: 'NAT gateway', source: 'the config', confirmed: true });
});
