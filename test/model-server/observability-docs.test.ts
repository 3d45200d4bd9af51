import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LABELS, METRICS } from '../../model-server/src/metric-names';
import { SPAN_ATTRIBUTES, SPANS } from '../../model-server/src/telemetry/spans';
import { publish, request, Workbench } from './fixtures';

const read = (path: string) => readFileSync(join(__dirname, '../..', path), 'utf8');
const PAGE = read('docs/observability.md');
/** What stands above each name. */
const COMMENTS = new Map(
  [...read('model-server/src/metric-names.ts').matchAll(/\/\*\* (.*?)\.? \*\/\n {2}\w+: '(\w+)'/g)].map(
    ([, comment = '', name = '']) => [name, comment],
  ),
);

test('the page lists every metric as the code describes it', () => {
  expect([...COMMENTS.keys()]).toEqual(Object.values(METRICS));
  const rows = [...PAGE.matchAll(/^\| `(recommender_\w+)` +\| (.*?) +\|$/gm)].map(([, name, text]) => [name, text]);
  expect(rows).toEqual([...COMMENTS]);
});

test('what the server exports has the type and the labels that the page says', async () => {
  const bench = new Workbench();
  try {
    const config = await bench.config({ grpcPort: 0 });
    await publish(config.store);
    const { url } = await bench.server(config);
    await request(`${url}/v1/users/ann/recommendations`);
    const text: string = (await request(`${url}/metrics`)).body;
    const types = [...text.matchAll(/^# TYPE (recommender_\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [
      name,
      type,
    ]);
    expect(types.length).toBeGreaterThan(20);
    for (const [name = '', type] of types) {
      expect([name, COMMENTS.get(name)?.split(/\W/)[0]?.toLowerCase()]).toEqual([name, type]);
    }
    const labels = [...text.matchAll(/^recommender_\w+\{(.*)\}/gm)].flatMap(([, all = '']) =>
      [...all.matchAll(/(\w+)="/g)].map(([, label]) => label),
    );
    const known: readonly (string | undefined)[] = ['le', ...Object.values(LABELS)];
    expect(labels).toContain(LABELS.route);
    expect(labels.filter((label) => !known.includes(label))).toEqual([]);
  } finally {
    await bench.cleanUp();
  }
});

test('the page names every span and every attribute of ours', () => {
  for (const name of [...Object.values(SPANS), ...Object.values(SPAN_ATTRIBUTES)])
    expect(PAGE).toContain(`\`${name}\``);
});

test('the page lists every route of the admin port', () => {
  const routes = [...read('model-server/src/admin/admin-app.ts').matchAll(/\.route\('(\/\w[\w/-]*)'\)/g)].map(
    ([, path]) => path,
  );
  expect(routes.length).toBeGreaterThan(4);
  for (const path of routes) expect(PAGE).toMatch(new RegExp(`^\\| \`.* ?${path}`, 'm'));
});
