import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { carbonKgPerMonth } from '../../../src/comparison/carbon';
import { PUBLISHED } from '../../../src/comparison/published';

const two = { vcpus: 2, nodes: 2 };

test.each([
  // (0.4743 + 1.693) / 2 W × 4 vCPUs × 730 h = 3.1643 kWh; × 1.14 × 270.5 g
  ['aws', 't4g.large', 'us-east-1', 0.9758],
  // × 1.17 × 270.5 g
  ['azure', 'Standard_D2ps_v6', 'eastus', 1.0014],
  // (1.0363 + 4.1605) / 2 W × 4 × 730 h = 7.5873 kWh; × 1.14 × 288.2 g
  ['aws', 'm7i.large', 'us-west-2', 2.4928],
  // (0.7668 + 3.7582) / 2 W × 4 × 730 h = 6.6065 kWh; × 1.17 × 270.5 g
  ['azure', 'Standard_D2s_v5', 'eastus2', 2.0909],
] as const)('two nodes on %s of %s in %s', (cloud, nodeSize, region, kg) => {
  expect(carbonKgPerMonth({ cloud, nodeSize, region, ...two })).toBeCloseTo(kg, 3);
});

test.each([
  ['aws', 'z9.mega', 'us-east-1'],
  ['aws', 't4g.large', 'mars-north-1'],
  ['azure', 't4g.large', 'eastus'],
] as const)('nothing is said of %s, %s in %s', (cloud, nodeSize, region) => {
  expect(carbonKgPerMonth({ cloud, nodeSize, region, ...two })).toBeUndefined();
});

test('the page has every published figure with its year and its source', () => {
  const page = readFileSync(join(__dirname, '../../../docs/comparison.md'), 'utf8');
  const missing = PUBLISHED.filter(
    ({ what, value, unit, year, publisher, source, checked, confirmed }) =>
      !page
        .replaceAll(/ +/g, ' ')
        .includes(
          `| [${what}](${publisher}) | ${value} ${unit} | ${year} | [read](${source}) ${checked}${confirmed ? '' : ', **not confirmed**'} |`,
        ),
  );
  expect(missing).toEqual([]);
});
