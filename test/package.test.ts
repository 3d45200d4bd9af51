import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const ROOT = join(__dirname, '..');
const { dependencies, peerDependencies, exports } = require('../package.json') as {
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  exports: Record<string, string>;
};

/** Providers that a user of a subpath has to install. */
const PROVIDERS: Readonly<Record<string, readonly string[]>> = {
  '.': [],
  './aws': ['aws', 'helm', 'kubernetes', 'time'],
  './aws/document-store': ['aws', 'mongodbatlas'],
  './azure': ['azurerm', 'kubernetes', 'time'],
  './guards': [],
  './kubernetes': ['helm', 'kubernetes'],
};

let folder: string;
/** What `npm pack` makes of the sources as they are, which it builds first. */
let unpacked: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: ROOT, stdio: 'pipe' });
  const [tarball = ''] = readdirSync(folder);
  execFileSync('tar', ['-xzf', tarball], { cwd: folder });
  unpacked = join(folder, 'package');
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A project elsewhere with the package and what it declares, of its peers only these. */
function project(name: string, peers: readonly string[]): string {
  const at = join(folder, name);
  const link = (dependency: string, to: string) => {
    const path = join(at, 'node_modules', dependency);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(to, path);
  };
  for (const dependency of [...Object.keys(dependencies), ...peers]) {
    link(dependency, join(ROOT, 'node_modules', dependency));
  }
  // A copy, whose own imports are looked for in the project as an installed package's are.
  execFileSync('cp', ['-R', unpacked, join(at, 'node_modules/cdktf-recommender')]);
  return at;
}

const provider = (name: string) => `@cdktf/provider-${name}`;
const node = (cwd: string, ...args: string[]) =>
  execFileSync(process.execPath, args, { cwd, encoding: 'utf8', stdio: 'pipe', env: { PATH: process.env.PATH } });

test('the providers of every subpath are told', () => {
  expect(Object.keys(PROVIDERS)).toEqual(Object.keys(exports));
  expect(new Set(Object.values(PROVIDERS).flat().map(provider))).toEqual(
    new Set(Object.keys(peerDependencies).filter((name) => name.startsWith('@cdktf/'))),
  );
});

test.each(Object.entries(PROVIDERS))('%s loads with cdktf and the providers %j', (subpath, providers) => {
  const at = project(`loads${subpath.replace(/\W/g, '-')}`, ['cdktf', 'constructs', ...providers.map(provider)]);
  const name = join('cdktf-recommender', subpath);
  const script = `
    const exported = Object.keys(require('${name}'));
    const loaded = Object.keys(require.cache).flatMap((path) => /provider-([a-z]+)[\\\\/]/.exec(path)?.[1] ?? []);
    console.log(JSON.stringify({ exported: exported.length, loaded: [...new Set(loaded)].sort() }));`;
  const { exported, loaded } = JSON.parse(node(at, '-e', script));
  expect(exported).toBeGreaterThan(0);
  expect(loaded).toEqual(providers);
});

test('the examples of a foreign project compile against its types, and synthesize', () => {
  const at = project('foreign', Object.keys(peerDependencies));
  writeFileSync(join(at, 'package.json'), JSON.stringify({ name: 'foreign', type: 'commonjs' }));
  writeFileSync(join(at, 'main.ts'), readFileSync(join(__dirname, 'package-example.ts')));
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--strict', '--target', 'es2022', '--module', 'node20', '--types', ''];
  node(at, compiler, ...options, 'main.ts');
  node(at, 'main.js');
  const stack = (name: string) => JSON.parse(readFileSync(join(at, `cdktf.out/stacks/${name}/cdk.tf.json`), 'utf8'));
  expect(Object.keys(stack('aws').resource)).toEqual(
    expect.arrayContaining([
      'aws_db_instance',
      'aws_eks_cluster',
      'aws_lambda_function',
      'aws_sqs_queue',
      'aws_wafv2_web_acl',
    ]),
  );
  expect(Object.keys(stack('azure').resource)).toContain('azurerm_kubernetes_cluster');
});

test('the command line starts', () => {
  const at = project('command-line', Object.keys(peerDependencies));
  const { version } = require('../package.json') as { version: string };
  expect(node(at, join(at, 'node_modules/cdktf-recommender/bin/recommender.js'), '--version').trim()).toBe(version);
});
