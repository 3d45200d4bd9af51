import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const outdir = mkdtempSync(join(tmpdir(), 'security-guard-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

test("a project of somebody else's fails by all that its bucket lacks, as `cdktf synth` runs it", () => {
  const { status, stderr } = spawnSync('npx', ['jiti', 'examples/security-guard.ts'], {
    cwd: join(__dirname, '../../..'),
    encoding: 'utf8',
    env: { ...process.env, CDKTF_OUTDIR: outdir },
  });
  expect(status).not.toBe(0);
  const told = [...stderr.matchAll(/^\[shop\/Invoices\] (\S+)/gm)].map(([, rule]) => rule);
  expect(told).toEqual(['AWS-S3-001', 'AWS-S3-008', 'AWS-S3-009', 'AWS-S3-010']);
}, 120_000);
