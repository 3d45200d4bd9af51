import { isNarrowed, isPublic, type Statement, statementsOf } from '../../../src/security/iam-policy';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';

const stack = new SynthesizedStack('shop', {
  data: {
    aws_iam_policy_document: {
      Read: {
        statement: [
          {
            actions: ['s3:GetObject'],
            resources: [`\${aws_s3_bucket.Models.arn}/*`],
            principals: [{ type: 'AWS', identifiers: ['*'] }],
            condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: ['111122223333'] }],
          },
        ],
      },
      Both: {
        source_policy_documents: [`\${data.aws_iam_policy_document.Read.json}`],
        statement: { effect: 'Deny', not_actions: ['s3:*'], resources: ['*'] },
      },
      Ring: { source_policy_documents: [`\${data.aws_iam_policy_document.Ring.json}`] },
    },
  },
});
const READ: Statement = {
  effect: 'Allow',
  actions: ['s3:GetObject'],
  notActions: [],
  resources: [`\${aws_s3_bucket.Models.arn}/*`],
  notResources: [],
  principals: { AWS: ['*'] },
  notPrincipals: false,
  conditions: { StringEquals: { 'aws:SourceAccount': ['111122223333'] } },
};

test.each([
  [
    'text',
    `{"Statement":{"Effect":"Allow","Action":"s3:GetObject","Resource":"\${aws_s3_bucket.Models.arn}/*","Principal":"*","Condition":{"StringEquals":{"aws:SourceAccount":["111122223333"]}}}}`,
  ],
  ['a document of a data source', `\${data.aws_iam_policy_document.Read.json}`],
])('a policy is read from %s', (_, policy) => {
  expect(statementsOf(policy, stack)).toEqual([READ]);
});

test('a document has the statements of those that it takes over, itself not among them', () => {
  const statements = statementsOf(`\${data.aws_iam_policy_document.Both.json}`, stack);
  expect(statements).toEqual([READ, expect.objectContaining({ effect: 'Deny', notActions: ['s3:*'] })]);
  expect(statementsOf(`\${data.aws_iam_policy_document.Ring.json}`, stack)).toEqual([]);
});

test.each([undefined, null, 7, '', 'no JSON', `\${var.policy}`, '[]', '{"Statement":"x"}'])(
  'what is no policy lets nobody in: %j',
  (policy) => {
    expect(statementsOf(policy, stack).filter(isPublic)).toEqual([]);
  },
);

test.each([
  [{ StringEquals: { 'aws:PrincipalOrgID': 'o-1' } }, true],
  [{ ArnLike: { 'AWS:SourceArn': 'arn:aws:s3:::shop' } }, true],
  [{ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1/*' } }, true],
  [{ StringLike: { 'aws:SourceAccount': '*' } }, false],
  [{ StringNotEquals: { 'aws:SourceAccount': '111122223333' } }, false],
  [{ Bool: { 'aws:SecureTransport': 'true' } }, false],
  [{ StringEquals: { 's3:x-amz-acl': 'private' } }, false],
  [{}, false],
])('a condition %j says who it is: %s', (conditions, says) => {
  expect(isNarrowed({ ...READ, conditions: conditions as Statement['conditions'] })).toBe(says);
});
