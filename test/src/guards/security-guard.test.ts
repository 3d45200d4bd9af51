import { SecurityGuard, type SecurityGuardOptions } from '../../../src/guards/security-guard';
import { SuppressionGuard } from '../../../src/guards/suppression-guard';
import type { Suppression } from '../../../src/security/suppression';
import type { Fields } from '../../../src/synthesized/stack-json';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';

const TODAY = new Date('2026-11-22T12:00:00Z');
const at = (path: string) => ({ '//': { metadata: { path } } });

function stackOf(resource: Record<string, Record<string, Fields>>): SynthesizedStack {
  return new SynthesizedStack('shop', { resource });
}

const shop = stackOf({
  aws_db_instance: {
    Orders: {
      ...at('shop/Orders/Database/Resource'),
      engine: 'oracle-ee',
      backup_retention_period: 7,
      publicly_accessible: true,
    },
  },
  aws_kms_key: {
    Key: { ...at('shop/Key'), enable_key_rotation: true, is_enabled: false },
  },
});
const check = (options: SecurityGuardOptions = {}, stack = shop) =>
  new SecurityGuard({ today: TODAY, ...options }).check([stack]);
const suppression = (changes: Partial<Suppression> = {}): Suppression => ({
  rule: 'AWS-RDS-002',
  path: 'shop/Orders',
  reason: 'The partner connects from the internet until May.',
  until: '2027-05-31',
  ...changes,
});
const ofSuppressions = (options: SecurityGuardOptions, stacks = [shop]) =>
  new SuppressionGuard({ today: TODAY, ...options }).check(stacks);
const rules = (options: SecurityGuardOptions) => check(options).map(({ message }) => message.split(' ')[0]);

test('a violation names the rule, how bad it is, what is wrong, why, and what to do', () => {
  expect(check()).toMatchInlineSnapshot(`
    [
      {
        "message": "AWS-KMS-003 (low): is_enabled is false. What it encrypts can neither be written nor read. Leave is_enabled on. https://docs.aws.amazon.com/kms/latest/developerguide/enabling-keys.html",
        "path": "shop/Key",
        "severity": "warning",
      },
      {
        "message": "AWS-RDS-001 (high): storage_encrypted isn't set. A snapshot of it that is shared can be read by whoever gets it, and encryption takes a new one later. Set storage_encrypted to true. https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-3",
        "path": "shop/Orders/Database/Resource",
        "severity": "error",
      },
      {
        "message": "AWS-RDS-002 (critical): publicly_accessible is true. Databases and brokers are scanned for, and passwords tried on them. Leave publicly_accessible off. https://docs.aws.amazon.com/securityhub/latest/userguide/rds-controls.html#rds-2",
        "path": "shop/Orders/Database/Resource",
        "severity": "error",
      },
    ]
  `);
});

test('a suppression lets its construct break its rule, until its last day', () => {
  expect(rules({ suppressions: [suppression()] })).toEqual(['AWS-KMS-003', 'AWS-RDS-001']);
  expect(rules({ suppressions: [suppression({ until: '2026-11-22' })] })).toEqual(['AWS-KMS-003', 'AWS-RDS-001']);
});

test.each([
  ['its whole path', 'shop/Orders/Database/Resource'],
  ['a path it is in', 'shop/Orders'],
  ['a pattern of names', 'shop/*/Database'],
  ['a pattern of paths', '**/Database'],
])('a suppression finds its construct by %s', (_, path) => {
  expect(rules({ suppressions: [suppression({ path })] })).not.toContain('AWS-RDS-002');
});

test.each([
  ['a name that only begins like its path', 'shop/Order'],
  ['a pattern of one name, where there are more', '*/Database'],
  ['another construct', 'shop/Key'],
])('a suppression finds no construct by %s, and says that it suppresses nothing', (_, path) => {
  const options = { suppressions: [suppression({ path })] };
  expect(rules(options)).toContain('AWS-RDS-002');
  expect(ofSuppressions(options)).toEqual([
    {
      severity: 'warning',
      path: 'shop',
      message: `The suppression of AWS-RDS-002 at ${path} suppresses nothing. Remove it, or correct its path.`,
    },
  ]);
});

test('a suppression is of use where one of all stacks needs it, and of none where none does', () => {
  const other = new SynthesizedStack('other', { resource: {} });
  const options = { suppressions: [suppression()] };
  expect(ofSuppressions(options, [shop, other])).toEqual([]);
  expect(ofSuppressions(options, [other])).toEqual([expect.objectContaining({ severity: 'warning', path: 'other' })]);
});

test('a suppression whose last day has gone by is an error, and suppresses nothing', () => {
  const options = { suppressions: [suppression({ until: '2026-11-21' })] };
  expect(rules(options)).toContain('AWS-RDS-002');
  expect(ofSuppressions(options)).toEqual([
    {
      severity: 'error',
      path: 'shop',
      message:
        'The suppression of AWS-RDS-002 at shop/Orders ended on 2026-11-21. Mend what it was for and remove it, or give it a later day and say why.',
    },
  ]);
});

test('without suppressions there is nothing to tell of them', () => {
  expect(ofSuppressions({})).toEqual([]);
});

test.each([
  [
    { rule: 'AWS-RDS-999' },
    'suppressions[0].rule is "AWS-RDS-999": it must be the id of a rule of docs/security-rules.md.',
  ],
  [{ until: '2027-02-30' }, 'suppressions[0].until is "2027-02-30": it must be a day such as 2027-03-31.'],
  [{ until: 'never' }, 'suppressions[0].until is "never": it must be a day such as 2027-03-31.'],
  [{ reason: ' ' }, 'suppressions[0].reason is " ": it must be a sentence of 10 characters or more.'],
  [{ path: '' }, 'suppressions[0].path is "": it must be the path of a construct.'],
])('fails when a suppression says %j', (changes, message) => {
  expect(() => new SecurityGuard({ suppressions: [suppression(changes)] })).toThrow(message);
});

test('an object of the cluster that cannot be read is told of, and the others are still held to the rules', () => {
  const stack = stackOf({
    kubernetes_service_v1: {
      Odd: {
        ...at('shop/Odd'),
        metadata: { name: 'odd', namespace: 'shop' },
        spec: { unheard_of: [{ a: 1 }, { a: 2 }] },
      },
      Open: {
        ...at('shop/Open'),
        metadata: { name: 'open', namespace: 'shop' },
        spec: { type: 'NodePort' },
      },
    },
  });
  expect(check({}, stack).map(({ severity, path }) => [severity, path])).toEqual([
    ['error', 'shop/Open'],
    ['warning', 'shop/Odd'],
  ]);
});

test('a report can be written as JSON, with what is suppressed and why', () => {
  const guard = new SecurityGuard({
    today: TODAY,
    suppressions: [suppression(), suppression({ path: 'elsewhere' })],
  });
  const report = guard.report([shop]);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(report).toMatchObject({
    violations: [{ rule: 'AWS-KMS-003' }, { rule: 'AWS-RDS-001' }],
    suppressed: [{ violation: { rule: 'AWS-RDS-002' }, suppression: suppression() }],
    past: [],
    unused: [{ path: 'elsewhere' }],
    unread: [],
  });
});
