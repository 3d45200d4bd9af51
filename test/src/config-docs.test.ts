import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configJsonSchema, configPage } from '../../src/config/config-docs';

const docs = (name: string) => readFileSync(join(__dirname, '../../docs', name), 'utf8');

test('the page and the JSON schema are what the schema says; `npm run docs` writes them', () => {
  expect(docs('config.md')).toBe(configPage());
  expect(JSON.parse(docs('config.schema.json'))).toEqual(JSON.parse(JSON.stringify(configJsonSchema())));
});

test.each([
  ['a default', '| `slo.latencyP99Ms` | `100` |'],
  ['what has none', '| `owner` | required |'],
  ['what may be left out', '| `environments.<name>.aws.existingCluster` |  |'],
  ['the kinds of state', 'One of `local`, `s3` (bucket, region, kmsKeyId). |'],
])('the page gives %s', (_, row) => {
  expect(configPage()).toContain(row);
});
