import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');
const outdir = mkdtempSync(join(tmpdir(), 'cost-guard-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

/** As `cdktf synth` runs it, with the package as it is built. */
const run = (budget: string) =>
  spawnSync('npx', ['jiti', 'examples/cost-guard.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, BUDGET: budget, CDKTF_OUTDIR: outdir },
  });

test("a project of somebody else's synthesizes within its budget", () => {
  const { status, stderr } = run('400');
  expect([status, stderr.match(/over the budget/)]).toEqual([0, null]);
}, 120_000);

test('and fails above it, with what to change', () => {
  const { status, stderr } = run('200');
  expect(status).not.toBe(0);
  expect(stderr).toMatch(
    /shop costs \$\d+\.\d\d a month as expected, \$\d+\.\d\d over the budget of \$200\.00; .* Dearest: shop\/Web .*arm64 in place of x86: up to \$\d+ less/,
  );
}, 120_000);
