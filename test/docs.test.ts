import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs/constructs')).map((name) => `docs/constructs/${name}`)];

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

test('every link to a file of the repository leads somewhere', () => {
  const broken = PAGES.filter((page) => existsSync(join(ROOT, page))).flatMap((page) =>
    [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => target as string)
      .filter((target) => !existsSync(join(ROOT, page, '..', target)))
      .map((target) => `${page} → ${target}`),
  );
  expect(broken).toEqual([]);
});

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const TSCONFIG = {
  extends: '../../tsconfig.base.json',
  compilerOptions: {
    noEmit: true,
    composite: false,
    paths: {
      'cdktf-recommender': ['../../src/index.ts'],
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
