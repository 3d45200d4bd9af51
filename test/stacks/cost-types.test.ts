import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src';
import { billOf } from '../../src/cost/bill';
import { ESTIMATORS } from '../../src/cost/estimators';
import { FREE_TYPES, freeReason } from '../../src/cost/free-types';
import { HOLDS_DATA } from '../../src/lifecycle/data-holders';
import { AREA_NAMES } from '../rehearsal/aws/all-areas';
import { countedArea, countedStacks } from './counted-stacks';

const ROOT = join(__dirname, '../..');
const isKnown = (type: string) => Object.hasOwn(ESTIMATORS, type) || freeReason(type) !== undefined;

/** Types that the sources make, by what they import of providers' bindings. */
function typesOfSources(): string[] {
  const files = ['constructs', 'stacks'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(ROOT, folder, name)),
  );
  const types = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/@cdktf\/provider-(\w+)\/lib\/([\w-]+)/g)].map(
      ([, provider, name]) => `${provider}_${String(name).replaceAll('-', '_')}`,
    ),
  );
  return [...new Set(types)].filter((type) => !/_(data_\w+|provider)$/.test(type));
}

test('every type that the constructs make is billed or free', () => {
  const types = typesOfSources();
  expect(types.length).toBeGreaterThan(150);
  expect(types.filter((type) => !isKnown(type))).toEqual([]);
});

test('so is every type of AWS that holds data, whether we make it or somebody else', () => {
  const types = [...HOLDS_DATA].filter((type) => type.startsWith('aws_'));
  expect(types.filter((type) => !Object.hasOwn(ESTIMATORS, type))).toEqual([]);
});

test('no type is billed and free', () => {
  expect(FREE_TYPES.filter((type) => Object.hasOwn(ESTIMATORS, type))).toEqual([]);
});

test.each(AREA_NAMES)('the bill of the area %s leaves nothing out', (name) => {
  expect(billOf([countedArea(name)]).unpriced).toEqual([]);
});

test.each([
  ['the config', '.', 'dev'],
  ['the config', '.', 'prod'],
  ['the config with every part on', 'examples/regulated.config.ts', 'prod'],
] as const)('the bill of %s (%s, %s) leaves nothing out', (_, file, environment) => {
  const { unpriced, lines } = billOf(countedStacks(loadConfig(join(ROOT, file)), environment));
  expect(unpriced).toEqual([]);
  expect(lines.length).toBeGreaterThan(10);
});

test('no type that is listed as free is misspelt: some binding has it', () => {
  const has = (type: string) => {
    const [provider, ...name] = type.split('_');
    const path = `@cdktf/provider-${provider}/lib/${name.join('-')}`;
    try {
      return require.resolve(path) !== '';
    } catch {
      return false;
    }
  };
  expect([...FREE_TYPES, ...Object.keys(ESTIMATORS)].filter((type) => !has(type))).toEqual([]);
});
