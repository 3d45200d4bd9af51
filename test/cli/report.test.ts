import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { asText } from '../../cli/output';
import { commentOn, compare, written } from '../../cli/report/comparison';
import { toMermaid } from '../../cli/report/diagram';
import { toSvg } from '../../cli/report/diagram-svg';
import { diagramsPage } from '../../cli/report/diagrams-page';
import { inventoryReport } from '../../cli/report/inventory-report';
import { securityPage } from '../../cli/report/promise-reports';
import { type Figure, REPORTS, type ReportDocument } from '../../cli/report/report';
import { dataFlowDiagram, networkDiagram, stackDiagram } from '../../cli/report/stack-diagrams';
import { toText } from '../../cli/report/text';
import { loadConfig } from '../../src';
import { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { recommender } from './recommender';

const at = (path: string, block: object) => ({ ...block, '//': { metadata: { path } } });
const shop = new SynthesizedStack('shop', {
  resource: {
    aws_vpc: { Vpc: at('shop/Network/Resource', { cidr_block: '10.0.0.0/16' }) },
    aws_subnet: { Subnet: at('shop/Network/Private1', { vpc_id: `\${aws_vpc.Vpc.id}`, cidr_block: '10.0.1.0/24' }) },
    aws_s3_bucket: { Store: at('shop/Store/Resource', { bucket: 'store', lifecycle: { prevent_destroy: true } }) },
    aws_iam_role: { Role: at('shop/Server/Role', { name: 'server' }) },
    aws_iam_role_policy: {
      Policy: at('shop/Server/Policy', {
        role: `\${aws_iam_role.Role.name}`,
        policy: JSON.stringify({
          Statement: [
            { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: `\${aws_s3_bucket.Store.arn}/*` },
            { Effect: 'Deny', Action: 's3:PutObject', Resource: `\${aws_s3_bucket.Store.arn}/*` },
          ],
        }),
      }),
    },
    aws_eks_cluster: { Cluster: at('shop/Cluster/Resource', { version: '1.35' }) },
  },
});

const figure = (id: string, value: number, more: Partial<Figure> = {}): Figure => ({
  id,
  title: `The ${id}`,
  value,
  unit: 'USD a month',
  better: 'lower',
  ...more,
});
const document = (...figures: Figure[]): ReportDocument => ({
  date: '2026-11-22',
  stacks: ['shop'],
  reports: [{ name: 'cost', title: 'Cost', summary: [], figures, tables: [], charts: [] }],
});

describe('the inventory', () => {
  const report = inventoryReport([shop]);

  test('counts resources, types, and what refuses a destroy', () => {
    expect(report.summary).toEqual(['shop has 6 resources of 6 types; 1 of them refuse a destroy.']);
    expect(report.figures).toEqual([expect.objectContaining({ id: 'inventory.shop.resources', value: 6 })]);
  });

  test('says until when versions are supported', () => {
    expect(report.tables.find(({ title }) => title === 'Versions')?.rows).toEqual([
      ['shop/Cluster/Resource', 'Kubernetes on EKS 1.35', '2027-03-27'],
    ]);
  });

  test('fits a terminal of 80 columns', () => {
    expect(
      Math.max(
        ...toText(report)
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(80);
  });
});

describe('numbers of a table', () => {
  test('have as many decimals each, and a column of whole ones has none', () => {
    expect(
      asText([
        ['a', 3.6, 1200],
        ['b', 182.634, 7],
        ['c', 0.25, 0],
      ]),
    ).toEqual([
      ['a', '3.600', '1,200'],
      ['b', '182.634', '7'],
      ['c', '0.250', '0'],
    ]);
  });
});

describe('the security of stacks', () => {
  const suppression = (rule: string, until: string) => ({
    rule,
    path: 'shop/Store',
    reason: 'The store moves to another account before the summer.',
    until,
  });
  const page = (...suppressions: ReturnType<typeof suppression>[]) => securityPage([shop], { suppressions });
  const rows = ({ tables }: ReturnType<typeof page>, title: string) =>
    tables.find((one) => one.title === title)?.rows ?? [];

  test('lists what is suppressed with reason and last day, and not among the findings', () => {
    const [all, some] = [page(), page(suppression('AWS-S3-001', '2999-12-31'))];
    expect(rows(all, 'Findings')).toContainEqual(expect.arrayContaining(['AWS-S3-001', 'shop/Store/Resource']));
    expect(rows(some, 'Findings')).toHaveLength(rows(all, 'Findings').length - 1);
    expect(rows(some, 'Suppressed')).toEqual([
      ['AWS-S3-001', 'shop/Store/Resource', 'The store moves to another account before the summer.', '2999-12-31'],
    ]);
    expect(toText(some)).toContain('2999-12-31');
    expect(rows(all, 'Suppressed')).toEqual([]);
  });

  test('tells of suppressions that ended as past a limit, and of what they suppressed as findings', () => {
    const { figures, summary, tables } = page(suppression('AWS-S3-001', '2026-01-31'));
    expect(figures[1]).toMatchObject({ id: 'security.suppressions.ended', value: 1, limit: 0 });
    expect(figures[0]?.value).toBe(page().figures[0]?.value);
    expect(summary[1]).toBe('Of the suppressions, 1 ended and suppress nothing any more.');
    expect(tables.map(({ title }) => title)).toEqual(['Findings', 'Suppressions that ended']);
  });
});

describe('what changed', () => {
  test('is told with the worst first, and only where a figure differs', () => {
    const base = document(
      figure('same', 1),
      figure('cheaper', 9),
      figure('dearer', 1),
      figure('over', 1),
      figure('gone', 1),
    );
    const now = document(
      figure('same', 1),
      figure('cheaper', 8),
      figure('dearer', 2),
      figure('over', 600, { limit: 500 }),
      figure('new', 3),
    );
    expect(compare(base, now).map(({ figure, verdict }) => [figure.id, verdict])).toEqual([
      ['over', 'past its limit'],
      ['dearer', 'worse'],
      ['gone', 'different'],
      ['new', 'different'],
      ['cheaper', 'better'],
    ]);
  });

  test('is worse when what should be high falls', () => {
    const availability = (value: number) => figure('a', value, { unit: '%', better: 'higher', limit: 99.9 });
    expect(compare(document(availability(99.99)), document(availability(99.95)))[0]?.verdict).toBe('worse');
    expect(compare(document(availability(99.95)), document(availability(99.8)))[0]?.verdict).toBe('past its limit');
  });

  test('is a table on a pull request', () => {
    const changes = compare(document(figure('cost', 460)), document(figure('cost', 480.5)));
    expect(commentOn(changes, document())).toMatchInlineSnapshot(`
     "| figure | 2026-11-22 | now | change | |
     | --- | ---: | ---: | ---: | --- |
     | The cost | $460.00 | $480.50 | +20.5 | worse |
     "
    `);
    expect(commentOn([], document())).toBe('No figure differs from the report of 2026-11-22.\n');
  });

  test.each([
    [undefined, 'ms', '–'],
    [1234.5, 'USD a month', '$1,234.50'],
    [99.95, '%', '99.95%'],
    [12, 'ms', '12 ms'],
    [1600, '', '1,600'],
  ])('%p %s is written as %s', (value, unit, text) => {
    expect(written(value, unit)).toBe(text);
  });
});

describe('a diagram', () => {
  test('of a stack has its parts and who refers to whom', () => {
    const { nodes, edges } = stackDiagram(shop);
    expect(nodes.map(({ label }) => label)).toEqual([
      'Network\n2 resources',
      'Store\n1 resource',
      'Server\n2 resources',
      'Cluster\n1 resource',
    ]);
    expect(edges).toEqual([{ from: 'Server', to: 'Store' }]);
  });

  test('of a network has ranges, and what is in what', () => {
    const { nodes, edges } = networkDiagram(shop);
    expect(nodes.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Network (vpc)\n10.0.0.0/16', 'Network/Private1 (subnet)\n10.0.1.0/24']),
    );
    expect(edges).toEqual([{ from: 'aws_subnet.Subnet', to: 'aws_vpc.Vpc' }]);
  });

  test('of who reads and writes what goes by what is allowed', () => {
    expect(dataFlowDiagram(shop).edges).toEqual([{ from: 'Server', to: 'Store (s3 bucket)', label: 'reads' }]);
  });

  test('is Mermaid, with what Mermaid would misread as entities', () => {
    const nodes = [
      { id: 'a', label: 'the "first"\nof two' },
      { id: 'b', label: '<b>' },
    ];
    expect(toMermaid({ title: '', nodes, edges: [{ from: 'a', to: 'b', label: 'reads', dashed: true }] })).toBe(
      ['flowchart LR', '  n0["the #34;first#34;<br/>of two"]', '  n1["#60;b#62;"]', '  n0 -.->|"reads"| n1'].join('\n'),
    );
  });

  test('is a picture, with every label in it and nothing that a page would run', () => {
    const svg = toSvg({
      title: 'Two',
      nodes: [
        { id: 'a', label: '<script>' },
        { id: 'b', label: 'second' },
      ],
      edges: [{ from: 'a', to: 'b', label: 'writes' }],
    });
    expect(svg).toMatch(/&lt;script&gt;.*second/s);
    expect(svg).toContain('writes');
    expect(svg).not.toContain('<script');
  });

  test('is a picture that holds every way, also one that goes around what it passes', () => {
    const ids = Array.from({ length: 12 }, (_, i) => `part ${i}`);
    const edges = ids.flatMap((from, i) => ids.slice(i + 1).map((to) => ({ from, to })));
    const svg = toSvg({ title: 'All of them', nodes: ids.map((id) => ({ id, label: id })), edges });
    const [left = 0, top = 0, width = 0, height = 0] = (svg.match(/viewBox="([^"]+)"/)?.[1] ?? '')
      .split(' ')
      .map(Number);
    const points = [...svg.matchAll(/[ML](-?[\d.]+),(-?[\d.]+)(?=[ML"])/g)]
      .slice(3)
      .map(([, x, y]) => [Number(x), Number(y)]);
    expect(points.length).toBeGreaterThan(edges.length);
    const outside = points.filter(([x = 0, y = 0]) => x < left || y < top || x > left + width || y > top + height);
    expect(outside).toEqual([]);
  });
});

test('docs/diagrams.md is what the stacks are; `npm run docs` writes it', () => {
  const root = join(__dirname, '../..');
  expect(readFileSync(join(root, 'docs/diagrams.md'), 'utf8')).toBe(diagramsPage(loadConfig(root)));
});

describe('the command', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const inFolder = (name: string) => join(folder, name);
  const ROOT = join(__dirname, '../..');
  const report = (...args: string[]) => recommender(['report', ...args, '--project', ROOT]);

  test('prints JSON that a later report is compared with, and writes a page that loads nothing', async () => {
    const page = inFolder('report.html');
    const { stdout } = await report('inventory', '--environment', 'prod', '--json', '--html', page);
    const printed = JSON.parse(stdout) as ReportDocument;
    expect(printed.stacks).toEqual(['aws-prod', 'azure-prod']);
    expect(printed.reports.map(({ name }) => name)).toEqual(['inventory']);
    const html = readFileSync(page, 'utf8');
    expect(html.match(/<svg/g)?.length).toBeGreaterThan(6);
    expect(html).not.toMatch(/<script|<link|<img|src=|@import|url\(http/);

    writeFileSync(inFolder('base.json'), stdout);
    const { stdout: comment } = await report(
      'inventory',
      '--environment',
      'prod',
      '--base',
      inFolder('base.json'),
      '--comment',
    );
    expect(comment).toMatch(/^No figure differs/);
  }, 120_000);

  test('tells of a production what it costs, promises and bears, within 80 columns', async () => {
    const { stdout } = await report('all', '--environment', 'prod', '--json');
    const printed = JSON.parse(stdout) as ReportDocument;
    const figures = new Map(printed.reports.flatMap(({ figures }) => figures).map(({ id, value }) => [id, value]));
    expect(printed.reports.map(({ name }) => name)).toEqual([...REPORTS]);
    expect(figures.get('cost.prod.expected')).toBeLessThanOrEqual(500);
    expect(figures.get('availability.aws-prod')).toBeGreaterThanOrEqual(99.9);
    expect(figures.get('latency.sum')).toBeLessThanOrEqual(100);
    expect(figures.get('capacity.azure-prod.held')).toBeGreaterThanOrEqual(50);
    expect(figures.get('security.findings')).toBe(0);
    const lines = printed.reports.flatMap((one) => toText(one).split('\n'));
    expect(lines.filter(({ length }) => length > 80)).toEqual([]);
  }, 120_000);

  test('writes what is assumed of a month for Infracost, of one environment', async () => {
    const file = inFolder('infracost-usage.yml');
    await report('cost', '--environment', 'prod', '--usage-file', file);
    const { version, resource_usage } = parse(readFileSync(file, 'utf8'));
    const [[nat, ofNat] = []] = Object.entries(resource_usage).filter(([address]) => address.startsWith('aws_nat_'));
    expect([version, nat, ofNat]).toEqual([
      0.1,
      expect.stringMatching(/^aws_nat_gateway\.\w+$/),
      { monthly_data_processed_gb: 20 },
    ]);
    const { exitCode, stderr } = await report('cost', '--usage-file', file);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--usage-file is of one environment')]);
  }, 120_000);

  test.each([
    [['everything'], 'Allowed choices are inventory'],
    [['inventory', '--comment'], '--comment needs --base'],
    [['inventory', '--environment', 'test'], 'the config has no environment test; it has dev, prod, local.'],
  ])(
    'refuses %j',
    async (args, message) => {
      const { exitCode, stderr } = await report(...args);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(message);
    },
    120_000,
  );

  test('refuses a base that is no report', async () => {
    writeFileSync(inFolder('other.json'), '{}');
    const { exitCode, stderr } = await report('inventory', '--base', inFolder('other.json'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain("other.json is no report; 'recommender report all --json' prints one.");
  }, 120_000);
});
