import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { loadConfig } from '../../src';

const CONFIG = {
  owner: 'shop',
  budget: { notify: ['oncall@shop.test'] },
  environments: {
    dev: {
      aws: {
        accountId: '111122223333',
        endpointAccess: 'private',
        adminPrincipalArns: ['arn:aws:iam::111122223333:role/deploy'],
        state: { kind: 'local' },
      },
    },
  },
};
const SOURCE = join(__dirname, '../../src');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

test.each([
  [
    'recommender.config.ts',
    `import { defineConfig } from '${SOURCE}';\nexport default defineConfig(${JSON.stringify(CONFIG)});`,
  ],
  ['recommender.config.json', JSON.stringify(CONFIG)],
  ['recommender.config.yaml', stringify(CONFIG)],
  ['recommender.config.yml', stringify(CONFIG)],
])('%s is found in its folder', (name, text) => {
  write(name, text);
  expect(loadConfig(folder).environments.dev?.aws?.accountId).toBe('111122223333');
});

test('a folder may have a dot in its name', () => {
  mkdirSync(join(folder, 'shop.example'));
  write('shop.example/recommender.config.json', JSON.stringify(CONFIG));
  expect(loadConfig(join(folder, 'shop.example')).owner).toBe('shop');
});

test('fails naming the file that was found, not its folder', () => {
  const path = write('recommender.config.yaml', stringify({ ...CONFIG, owner: '' }));
  expect(() => loadConfig(folder)).toThrow(`${path} has 1 mistake:\n  owner: must not be empty`);
});

test('a file of another name is read when it is named', () => {
  expect(loadConfig(write('other.json', JSON.stringify(CONFIG))).owner).toBe('shop');
});

test('TypeScript comes before the other forms', () => {
  write('recommender.config.ts', `export default ${JSON.stringify({ ...CONFIG, owner: 'typescript' })}`);
  write('recommender.config.json', JSON.stringify(CONFIG));
  expect(loadConfig(folder).owner).toBe('typescript');
});

test('a file that changed is read again', () => {
  const path = write('recommender.config.ts', `export default ${JSON.stringify(CONFIG)}`);
  loadConfig(path);
  write('recommender.config.ts', `export default ${JSON.stringify({ ...CONFIG, owner: 'new' })}`);
  expect(loadConfig(path).owner).toBe('new');
});

test('fails in a folder without a config, and says which names it looks for', () => {
  expect(() => loadConfig(folder)).toThrow(
    `no config in ${folder}; expected one of recommender.config.ts, recommender.config.json, recommender.config.yaml, recommender.config.yml.`,
  );
});

test.each([
  ['missing.yaml', undefined, 'missing.yaml does not exist; expected a .ts, .json, .yaml or .yml file.'],
  ['config.toml', 'owner = "shop"', 'config.toml has an unknown extension; expected .ts, .json, .yaml or .yml.'],
  ['config.json', '{ "owner": ', "config.json can't be read: Unexpected end of JSON input"],
  ['config.yaml', 'owner: [', "config.yaml can't be read: "],
  ['config.ts', 'export default {', "config.ts can't be read: "],
  ['empty.yaml', '', 'empty.yaml has 1 mistake:\n  the config: must be an object'],
])('fails with %s holding %j', (name, text, message) => {
  const path = text === undefined ? join(folder, name) : write(name, text);
  expect(() => loadConfig(path)).toThrow(join(folder, message));
});
