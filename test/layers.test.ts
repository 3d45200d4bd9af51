import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { parseSync } from '@swc/core';

const ROOT = join(__dirname, '..');
const PACKAGES = ['model-registry', 'model-follower', 'model-server', 'trainer', 'aws-functions', 'rehearsal'];
const FOLDERS = ['app', 'stacks', 'constructs', 'src', 'cli', 'bench', ...PACKAGES.map((name) => `${name}/src`)];

interface SourceFile {
  /** From the root, with forward slashes. */
  readonly path: string;
  /** What it imports: packages by name, files of the repository as `./path/from/the/root` without extension. */
  readonly imports: readonly string[];
  readonly readsEnvironment: boolean;
}

const files = FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap(read);

/** Imports of the files that `from` matches, which `to` matches too, as `file → import`. */
function imports(from: RegExp, to: RegExp): string[] {
  return files
    .filter(({ path }) => from.test(path))
    .flatMap(({ path, imports }) => imports.filter((name) => to.test(name)).map((name) => `${path} → ${name}`));
}

test('the files are read: what each layer does import is seen', () => {
  expect(imports(/^constructs\/kubernetes\/model-server\.ts$/, /./)).toEqual(
    expect.arrayContaining([
      'constructs/kubernetes/model-server.ts → @cdktf/provider-kubernetes/lib/deployment-v1',
      'constructs/kubernetes/model-server.ts → ./src',
      'constructs/kubernetes/model-server.ts → ./constructs/contracts',
    ]),
  );
  expect(imports(/^model-registry\/src\/open-object-store/, /./)).toContain(
    'model-registry/src/open-object-store.ts → ./model-registry/src/s3-object-store',
  );
});

/** What a layer may import of the repository; its own folder always. */
const LAYERS: Record<string, readonly string[]> = {
  src: [],
  constructs: ['src'],
  stacks: ['constructs', 'src'],
  app: ['stacks', 'constructs', 'src'],
};

test.each(Object.entries(LAYERS))('%s imports of the repository only itself and %j', (layer, below) => {
  const allowed = new RegExp(`→ \\./(${[layer, ...below].join('|')})(/|$)`);
  const found = imports(new RegExp(`^${layer}/`), /^\.\/|^@cdktf-recommender\//);
  expect(found.filter((line) => !allowed.test(line))).toEqual([]);
});

test('neither cloud knows the other', () => {
  expect(imports(/^(constructs|stacks)\/aws/, /^\.\/(constructs|stacks)\/azure|provider-azure/)).toEqual([]);
  expect(imports(/^(constructs|stacks)\/azure/, /^\.\/(constructs|stacks)\/aws|provider-aws/)).toEqual([]);
});

test('contracts and what runs in a cluster know no cloud', () => {
  const clouds = /^\.\/constructs\/(aws|azure)|provider-(aws|azure)/;
  expect(imports(/^constructs\/(contracts|kubernetes)\//, clouds)).toEqual([]);
});

test('the packages know nothing of Terraform', () => {
  const terraform = /^(cdktf|constructs)$|^@cdktf\/|^\.\/(src|constructs|stacks|app)(\/|$)/;
  expect(imports(/^(model-registry|model-follower|model-server|trainer|aws-functions|rehearsal)\//, terraform)).toEqual(
    [],
  );
});

test('the packages import each other nowhere, but for the registry', () => {
  const found = imports(/^(model-registry|model-follower|model-server|trainer)\//, /^\.\/|^@cdktf-recommender\//);
  const foreign = found.filter((line) => {
    const own = line.slice(0, line.indexOf('/'));
    const registry = own !== 'model-registry' && line.endsWith('→ @cdktf-recommender/model-registry');
    return !registry && !line.includes(`→ ./${own}/`);
  });
  expect(foreign).toEqual([]);
});

test('what runs in Lambda is made of the registry, the server and the trainer, and nothing is made of it', () => {
  const found = imports(/^aws-functions\//, /^@cdktf-recommender\//);
  expect(found).toContainEqual(expect.stringMatching(/→ @cdktf-recommender\/trainer$/));
  expect(found.filter((line) => !/→ @cdktf-recommender\/(model-registry|model-server|trainer)$/.test(line))).toEqual(
    [],
  );
  expect(imports(/^(?!aws-functions\/)/, /^@cdktf-recommender\/aws-functions$|^\.\/aws-functions\//)).toEqual([]);
});

test('providers are imported one resource at a time: the whole takes seconds and half a gigabyte', () => {
  expect(imports(/./, /^@cdktf\/provider-[a-z]+(\/lib)?$/)).toEqual([]);
  expect(imports(/^constructs\//, /^@cdktf\/provider-[a-z]+\/lib\/[a-z0-9-]+$/)).not.toEqual([]);
});

test('nothing imports the command line', () => {
  expect(imports(/^(?!cli\/)/, /^\.\/cli(\/|$)/)).toEqual([]);
});

/** Entry points, what hands an environment on to a program it starts, and what stands in for a cloud's SDK. */
const READS_ENVIRONMENT = [
  /^app\/main\.ts$/,
  /^(cli|bench|rehearsal)\//,
  /^[a-z-]+\/src\/([a-z-]+-)?main\.ts$/,
  // Azure's SDK leaves its standard variable to its user, where AWS' reads its own.
  /^model-registry\/src\/blob-object-store\.ts$/,
  // Switches that a library takes from nowhere else.
  /^model-registry\/src\/s3-object-store\.ts$/,
  /\/telemetry-off\.ts$/,
];

test('only entry points read the environment', () => {
  const readers = files.filter(({ readsEnvironment }) => readsEnvironment).map(({ path }) => path);
  expect(readers).toContain('app/main.ts');
  expect(readers.filter((path) => !READS_ENVIRONMENT.some((entry) => entry.test(path)))).toEqual([]);
});

function read(folder: string): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => {
      const path = `${folder}/${name.split(sep).join('/')}`;
      const found: string[] = [];
      let readsEnvironment = false;
      visit(parseSync(readFileSync(join(ROOT, path), 'utf8'), { syntax: 'typescript', target: 'es2022' }), (node) => {
        const specifier = importedBy(node);
        if (specifier) found.push(resolve(path, specifier));
        readsEnvironment ||= isProcessEnv(node);
      });
      return { path, imports: found, readsEnvironment };
    });
}

type Node = Record<string, unknown> & { type?: string };

function visit(value: unknown, each: (node: Node) => void): void {
  if (Array.isArray(value)) for (const item of value) visit(item, each);
  else if (typeof value === 'object' && value !== null) {
    each(value as Node);
    for (const child of Object.values(value)) visit(child, each);
  }
}

/** The module that an import, re-export, import type, `require` or `import()` names. */
function importedBy(node: Node): string | undefined {
  if (node.type === 'ImportDeclaration' || node.type?.startsWith('Export')) return text(node.source);
  if (node.type === 'TsImportType') return text(node.argument);
  if (node.type !== 'CallExpression') return undefined;
  const callee = node.callee as Node;
  if (callee.type !== 'Import' && callee.value !== 'require') return undefined;
  return text((node.arguments as { expression: Node }[])[0]?.expression);
}

function isProcessEnv({ type, object, property }: Node): boolean {
  return type === 'MemberExpression' && (object as Node).value === 'process' && (property as Node).value === 'env';
}

function text(node: unknown): string | undefined {
  return (node as Node | null | undefined)?.type === 'StringLiteral' ? String((node as Node).value) : undefined;
}

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return `./${relative(ROOT, join(ROOT, dirname(file), specifier))
    .split(sep)
    .join('/')}`;
}
