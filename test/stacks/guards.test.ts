import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { App, TerraformStack } from 'cdktf';
import { loadConfig } from '../../src';
import { BoundedStateGuard, RetiredPartsGuard } from '../../src/guards';
import { synthesizedStack } from '../../src/guards/guard-stacks';
import { addGuards, addStacks } from '../../stacks/add-stacks';
import { AREA_NAMES, areaOf } from '../rehearsal/aws/all-areas';

const ROOT = join(__dirname, '../..');
const outdir = mkdtempSync(join(tmpdir(), 'guards-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const today = new Date('2026-11-22');
const GUARDS = { bounded: new BoundedStateGuard(), retired: new RetiredPartsGuard({ today }) };

test.each(['.', 'examples/regulated.config.ts'])('every stack of %s keeps what it promises', (file) => {
  const app = new App({ outdir });
  const config = loadConfig(join(ROOT, file));
  const groups = addStacks(app, config);
  expect(groups.flatMap(({ stacks }) => stacks).length).toBeGreaterThan(0);
  for (const group of groups) addGuards(group, config);
  expect(() => app.synth()).not.toThrow();
});

/** An area's own functions log to no group of theirs: they are what it is used with. */
const isAreasOwn = (path: string) => path.split('/').length <= 2;

test.each(AREA_NAMES)('what the constructs of %s make has an end, and nothing retired', (name) => {
  const stack = new TerraformStack(new App({ outdir }), name);
  new AwsProvider(stack, 'Aws', { region: 'us-east-1' });
  areaOf(name).build(stack, { protection: true, engine: 'stand-in' });
  const findings = [GUARDS.bounded, GUARDS.retired].flatMap((guard) => guard.check([synthesizedStack(stack)]));
  expect(findings.filter(({ path }) => !isAreasOwn(path))).toEqual([]);
});
