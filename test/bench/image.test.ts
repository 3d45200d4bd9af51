import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { imageOf } from '../../bench/image';

const folder = mkdtempSync(join(tmpdir(), 'image-'));
afterAll(() => rmSync(folder, { recursive: true }));

function dockerfile(text: string): string {
  const path = join(folder, 'Dockerfile');
  writeFileSync(path, text);
  return path;
}

test("a server is measured as the model server's image starts it", () => {
  expect(imageOf()).toEqual({
    nodeOptions: ['--max-semi-space-size=32', '--single-threaded-gc'],
    environment: {
      NODE_ENV: 'production',
      MALLOC_MMAP_THRESHOLD_: '4194304',
      MALLOC_TRIM_THRESHOLD_: '16777216',
      GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1',
    },
  });
});

test("the server's own settings and the program are left out", () => {
  const path = dockerfile('ENV RECOMMENDER_HOST=0.0.0.0\nENV A=b=c\nENTRYPOINT ["node", "--x", "main.js"]\n');
  expect(imageOf(path)).toEqual({ nodeOptions: ['--x'], environment: { A: 'b=c' } });
});

test.each([
  ['FROM node\n', 'has no ENTRYPOINT as a list'],
  ['ENTRYPOINT ["tini", "node"]\n', 'starts tini, not node'],
])('an image that is started otherwise is said to be', (text, said) => {
  expect(() => imageOf(dockerfile(text))).toThrow(said);
});
