import { allows } from './decision';
import type { Policy, Statement } from './policy';

const policy = (...statements: Partial<Statement>[]): Policy => ({
  Statement: statements.map((statement) => ({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...statement })),
});
const call = { action: 's3:GetObject', resource: 'arn:aws:s3:::models/a/b' };

test.each<[string, Policy[], boolean]>([
  ['nothing is allowed', [], false],
  ['what is allowed is', [policy({})], true],
  ['a Deny wins over an Allow, wherever it is', [policy({}), policy({ Effect: 'Deny' })], false],
  ['a Deny of something else does not', [policy({}, { Effect: 'Deny', Action: 's3:PutObject' })], true],
  ['an action is the same in any case', [policy({ Action: 'S3:getobject' })], true],
  ['an action with a * covers what begins so', [policy({ Action: ['s3:Get*'] })], true],
  ['NotAction covers the others', [policy({ Action: undefined, NotAction: 's3:PutObject' })], true],
  ['NotAction leaves out what it names', [policy({ Action: undefined, NotAction: 's3:Get*' })], false],
  ['a resource with a * covers what is below', [policy({ Resource: 'arn:aws:s3:::models/*' })], true],
  ['a resource has a case', [policy({ Resource: 'arn:aws:s3:::Models/*' })], false],
  ['a ? is one character', [policy({ Resource: 'arn:aws:s3:::model?/a/?' })], true],
  ['a ? is not two', [policy({ Resource: 'arn:aws:s3:::model?/?' })], false],
  ['a dot is a dot', [policy({ Resource: 'arn:aws:s3:::models.a.b' })], false],
  ["a * in an ARN's part stays in it", [policy({ Resource: 'arn:*:models/a/b' })], false],
  [
    'NotResource leaves out what it names',
    [policy({ Resource: undefined, NotResource: 'arn:aws:s3:::models/*' })],
    false,
  ],
  [
    'a variable that the request lacks matches nothing',
    [policy({ Resource: `arn:aws:s3:::models/\${aws:userid}/*` })],
    false,
  ],
])('%s', (_, policies, allowed) => {
  expect(allows(policies, call)).toBe(allowed);
});

test('a variable is what the request says', () => {
  const own = policy({ Resource: `arn:aws:s3:::models/\${aws:userid}/*` });
  expect(allows([own], { ...call, context: { 'aws:userid': 'a' } })).toBe(true);
  expect(allows([own], { ...call, context: { 'aws:userid': 'c' } })).toBe(false);
});

test('an action that takes no resource needs a statement on all', () => {
  const list = { action: 's3:ListAllMyBuckets', resource: '*' };
  expect(allows([policy({ Action: list.action })], list)).toBe(true);
  expect(allows([policy({ Action: list.action, Resource: 'arn:aws:s3:::*' })], list)).toBe(false);
});

test('a boundary has to allow it too', () => {
  expect(allows([policy({})], call, policy({ Action: 's3:*' }))).toBe(true);
  expect(allows([policy({})], call, policy({ Action: 'sqs:*' }))).toBe(false);
});

type Case = [condition: NonNullable<Statement['Condition']>, context: Record<string, string | string[]>, met: boolean];

test.each<Case>([
  [{ StringEquals: { 'aws:RequestTag/team': 'shop' } }, { 'aws:RequestTag/team': 'shop' }, true],
  [{ StringEquals: { 'aws:RequestTag/team': 'shop' } }, { 'AWS:requesttag/team': 'shop' }, true],
  [{ StringEquals: { 'aws:RequestTag/team': 'shop' } }, { 'aws:RequestTag/team': 'Shop' }, false],
  [{ StringEquals: { 'aws:RequestTag/team': 'shop' } }, {}, false],
  [{ StringEquals: { a: ['x', 'y'] } }, { a: 'y' }, true],
  [{ StringEquals: { a: 'x', b: 'y' } }, { a: 'x' }, false],
  [{ StringEquals: { a: 'x' }, StringLike: { b: 'y*' } }, { a: 'x', b: 'yes' }, true],
  [{ StringEquals: { a: `\${aws:PrincipalTag/team}` } }, { a: 'shop', 'aws:PrincipalTag/team': 'shop' }, true],
  [{ StringEquals: { a: `\${aws:PrincipalTag/team}` } }, { a: 'shop', 'aws:PrincipalTag/team': 'other' }, false],
  [{ StringEquals: { a: `\${aws:PrincipalTag/team}` } }, { a: '' }, false],
  [{ StringEqualsIfExists: { a: 'x' } }, {}, true],
  [{ StringEqualsIfExists: { a: 'x' } }, { a: 'y' }, false],
  [{ StringNotEquals: { a: ['x', 'y'] } }, { a: 'y' }, false],
  [{ StringNotEquals: { a: ['x', 'y'] } }, { a: 'z' }, true],
  [{ StringNotEquals: { a: 'x' } }, {}, true],
  [{ StringEqualsIgnoreCase: { a: 'X' } }, { a: 'x' }, true],
  [{ StringLike: { a: 'shop-*' } }, { a: 'shop-prod' }, true],
  [{ StringLike: { a: 'shop-*' } }, { a: 'other' }, false],
  [{ ArnLike: { a: 'arn:aws:sns:*:1:t*' } }, { a: 'arn:aws:sns:eu-west-1:1:t/x' }, true],
  [{ ArnLike: { a: 'arn:aws:*:t' } }, { a: 'arn:aws:sns:eu-west-1:1:t' }, false],
  [{ ArnNotEquals: { a: 'arn:aws:sns:r:1:t' } }, { a: 'arn:aws:sns:r:1:u' }, true],
  [{ Bool: { 'aws:SecureTransport': 'true' } }, { 'aws:SecureTransport': 'false' }, false],
  [{ Null: { a: 'true' } }, {}, true],
  [{ Null: { a: 'true' } }, { a: 'x' }, false],
  [{ Null: { a: 'false' } }, { a: 'x' }, true],
  [{ NumericLessThanEquals: { a: '10' } }, { a: '9' }, true],
  [{ NumericGreaterThan: { a: '10' } }, { a: '9' }, false],
  [{ DateLessThan: { a: '2026-01-01T00:00:00Z' } }, { a: '2025-12-31T00:00:00Z' }, true],
  [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, { 'aws:SourceIp': '203.0.113.9' }, true],
  [{ NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, { 'aws:SourceIp': '203.0.113.9' }, false],
  [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } }, { 'aws:TagKeys': ['a'] }, true],
  [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a', 'b'] } }, { 'aws:TagKeys': ['a', 'c'] }, false],
  [{ 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } }, {}, true],
  [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } }, { 'aws:TagKeys': ['a', 'c'] }, true],
  [{ 'ForAnyValue:StringEquals': { 'aws:TagKeys': ['a'] } }, {}, false],
])('the condition %j with %j is met: %p', (condition, context, met) => {
  expect(allows([policy({ Condition: condition })], { ...call, context })).toBe(met);
});

test('fails on an operator that it does not know, instead of guessing', () => {
  const odd = policy({ Condition: { BinaryEquals: { a: 'x' } } });
  expect(() => allows([odd], { ...call, context: { a: 'x' } })).toThrow('the evaluator knows no operator BinaryEquals');
});
