import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const GUARDS = ['availability', 'capacity', 'comparison', 'latency'].map((topic) => `docs/${topic}.md`);
const PAGES = [
  'README.md',
  'docs/cost.md',
  'docs/usage.md',
  'docs/guards.md',
  'docs/security-rules.md',
  ...GUARDS,
  ...readdirSync(join(ROOT, 'docs/constructs')).map((name) => `docs/constructs/${name}`),
];

interface Example {
  /** Page and line of the block's first line. */
  readonly at: string;
  readonly code: string;
}

const examples: Example[] = PAGES.filter((page) => existsSync(join(ROOT, page))).flatMap(examplesOf);

test('there are examples to compile', () => {
  expect(examples.map(({ at }) => at)).toContainEqual(
    expect.stringMatching(/^docs\/constructs\/kubernetes-model-server\.md:/),
  );
});

test('every example compiles against the sources, as a user writes it', () => {
  // Inside the repository, where TypeScript finds the same packages as the sources do.
  mkdirSync(join(ROOT, '.recommender'), { recursive: true });
  const folder = mkdtempSync(join(ROOT, '.recommender/docs-'));
  try {
    const names = new Map(examples.map(({ at }, index) => [`example-${index}.ts`, at]));
    examples.forEach(({ code }, index) => {
      writeFileSync(join(folder, `example-${index}.ts`), code);
    });
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    const { status, stdout, stderr } = spawnSync(process.execPath, [TSC, '-p', folder, '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    });
    const output = `${stdout}${stderr}`.replace(/^example-\d+\.ts/gm, (name) => names.get(name) ?? name);
    expect({ status, output }).toEqual({ status: 0, output: '' });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test.each(PAGES.filter((page) => page.startsWith('docs/constructs/')))('%s has at most 60 lines', (page) => {
  expect(readFileSync(join(ROOT, page), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(60);
});

test.each(GUARDS)('%s has at most 80 lines', (page) => {
  expect(readFileSync(join(ROOT, page), 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(80);
});

/** Its dollars are of the user's own budget. */
const UNPRICED = 'docs/constructs/aws-cost-anomalies.md';
const PRICED = PAGES.filter((page) => page.startsWith('docs/constructs/aws-') && page !== UNPRICED).filter((page) =>
  /\$\d/.test(readFileSync(join(ROOT, page), 'utf8')),
);

test.each(PRICED)('%s says where its prices are from', (page) => {
  expect(readFileSync(join(ROOT, page), 'utf8')).toContain('](../prices.md)');
});

test('every price has a month in which it was read, or is called not confirmed', () => {
  const rows = readFileSync(join(ROOT, 'docs/prices.md'), 'utf8')
    .split('\n')
    .filter((line) => /\$\d.*\|/.test(line));
  expect(rows.length).toBeGreaterThan(20);
  expect(rows.filter((row) => !/\b20\d\d-\d\d\b|not confirmed/.test(row.split('|').at(-2) ?? ''))).toEqual([]);
});

const GENERATED = /(?:^|\/)(?:node_modules|dist|cdktf\.out|\.[^/]+)(?:\/|$)/;
const FOLDERS = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !GENERATED.test(entry.name))
  .map(({ name }) => name);
const ALL_PAGES = [
  ...readdirSync(ROOT),
  ...FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  ),
].filter((path) => path.endsWith('.md') && !GENERATED.test(path));

/** As GitHub makes it: lower case, punctuation left out, spaces as hyphens. */
function anchorsOf(page: string): Set<string> {
  const headings = readFileSync(join(ROOT, page), 'utf8').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

test.each(ALL_PAGES)('every link of %s to the repository leads somewhere', (page) => {
  const prose = readFileSync(join(ROOT, page), 'utf8').replace(/^```.*?^```$/gms, '');
  const broken = [...prose.matchAll(/\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)/g)]
    .map(([, target = '', anchor]) => ({ file: target === '' ? page : join(page, '..', target), anchor }))
    .filter(({ file, anchor }) => !existsSync(join(ROOT, file)) || (anchor && !anchorsOf(file).has(anchor)))
    .map(({ file, anchor }) => [file, anchor].filter(Boolean).join('#'));
  expect(broken).toEqual([]);
});

test.each(ALL_PAGES)('every file of the repository that %s names is there', (page) => {
  const own = new RegExp(`^(?:${FOLDERS.join('|')})/[\\w./-]+\\.(?:md|ts|js|json)$`);
  const named = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/`([^`\s]+)`/g)].map(([, text = '']) => text);
  // Of the repository, of the page's package, or of the tests, which mirror the tree.
  const isThere = (path: string) =>
    [ROOT, join(ROOT, page, '..'), join(ROOT, 'test')].some((from) => existsSync(join(from, path)));
  expect(named.filter((path) => own.test(path) && !isThere(path))).toEqual([]);
});

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const TSCONFIG = {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    noEmit: true,
    composite: false,
    paths: {
      'cdktf-recommender': ['../../src/index.ts'],
      'cdktf-recommender/guards': ['../../src/guards/index.ts'],
      'cdktf-recommender/*': ['../../constructs/*/index.ts'],
    },
  },
  include: ['*.ts'],
};

function examplesOf(page: string): Example[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length + 1;
    return { at: `${page}:${line}`, code: match[1] as string };
  });
}
