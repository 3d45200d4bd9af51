import { errorText, parseProgress } from '../../../rehearsal/src/terraform/progress';

describe('what Terraform says of a resource', () => {
  it.each([
    ['aws_vpc.Vpc: Creating...', 'create', 'started'],
    ['fixture-aws  aws_vpc.Vpc (Vpc): Creation complete after 12s [id=vpc-1]', 'create', 'done'],
    ['\u001b[0m\u001b[1maws_vpc.Vpc: Destroying... [id=vpc-1]\u001b[0m', 'delete', 'started'],
    ['aws_vpc.Vpc: Modifications complete after 0s [id=vpc-1]', 'update', 'done'],
  ])('is understood: %j', (line, action, state) => {
    expect(parseProgress(line)).toEqual({ action, state, address: 'aws_vpc.Vpc' });
  });

  it('keeps the index of a counted resource', () => {
    expect(parseProgress('module.a.aws_subnet.S["eu-west-1a"]: Creating...')?.address).toBe(
      'module.a.aws_subnet.S["eu-west-1a"]',
    );
  });

  it.each(['Plan: 3 to add, 0 to change, 0 to destroy.', 'aws_vpc.Vpc: Still creating... [10s elapsed]', ''])(
    'is not made up from %j',
    (line) => expect(parseProgress(line)).toBeUndefined(),
  );
});

describe('the errors in an output', () => {
  const output = `
fixture-aws  Plan: 1 to add
fixture-aws  ╷
             │ Error: creating S3 Bucket (x): BucketAlreadyExists
             │
             │   with aws_s3_bucket.Bucket,
             │   on cdk.tf.json line 9
             ╵
`;

  it("are Terraform's own words, without frames and cdktf's prefixes", () => {
    expect(errorText(output)).toBe(
      'Error: creating S3 Bucket (x): BucketAlreadyExists\n\n  with aws_s3_bucket.Bucket,\n  on cdk.tf.json line 9',
    );
  });

  it('are the last lines where no error is marked', () => {
    expect(errorText('one\ntwo\n')).toBe('one\ntwo');
  });
});
