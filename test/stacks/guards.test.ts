import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { App, TerraformStack } from 'cdktf';
import { loadConfig } from '../../src';
import { BoundedStateGuard, keepForGood, RetiredPartsGuard, type Suppression } from '../../src/guards';
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
  addGuards(groups, config);
  expect(() => app.synth()).not.toThrow();
});

describe('suppressions of the config', () => {
  const base = loadConfig(ROOT);
  /** A bucket that lacks all it should have, in the first of two stacks. */
  const synth = (suppressions: readonly Suppression[]) => {
    const config = {
      ...base,
      environments: { dev: base.environments.dev },
      local: undefined,
      security: { suppressions: [...suppressions] },
    };
    const app = new App({ outdir });
    const groups = addStacks(app, config);
    const [first, last] = groups.flatMap(({ stacks }) => stacks);
    if (!first || !last) throw new Error('the example has no dev on two clouds');
    keepForGood(new S3Bucket(first, 'Invoices', { bucket: 'shop-invoices' }), 'ten years by law');
    addGuards(groups, config);
    app.synth();
    return [first, last].map((stack) =>
      app.manifest
        .forStack(stack)
        // Versions and prices grow old, which warns in time.
        .annotations.flatMap(({ level, message }) =>
          level === '@cdktf/warn' && /suppression/i.test(message) ? message : [],
        ),
    );
  };
  const suppression = (rule: string, changes: Partial<Suppression> = {}): Suppression => ({
    rule,
    path: 'aws-dev/Invoices',
    reason: 'The accountants make it anew in spring.',
    until: '2999-12-31',
    ...changes,
  });
  const BROKEN = ['AWS-S3-001', 'AWS-S3-008', 'AWS-S3-009', 'AWS-S3-010'];

  test("let a construct of one stack break a rule, and aren't called unused in another", () => {
    expect(synth(BROKEN.map((rule) => suppression(rule)))).toEqual([[], []]);
  });

  test('let it break no other rule', () => {
    const [missing, ...others] = BROKEN;
    expect(() => synth(others.map((rule) => suppression(rule)))).toThrow(`[aws-dev/Invoices] ${missing} `);
  });

  test('are told of once where they suppress nothing in any stack', () => {
    const unused = suppression('AWS-S3-001', { path: 'aws-prod/Invoices' });
    const warning =
      'The suppression of AWS-S3-001 at aws-prod/Invoices suppresses nothing. Remove it, or correct its path.';
    expect(synth([...BROKEN.map((rule) => suppression(rule)), unused])).toEqual([[], [warning]]);
  });

  test('fail the synth once their last day has gone by, though nothing is broken', () => {
    const ended = suppression('AWS-RDS-002', { until: '2026-01-31' });
    expect(() => synth([...BROKEN.map((rule) => suppression(rule)), ended])).toThrow(
      '[azure-dev] The suppression of AWS-RDS-002 at aws-dev/Invoices ended on 2026-01-31. ',
    );
  });
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
