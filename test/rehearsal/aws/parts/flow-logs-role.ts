import type { Call, RoleExpectation } from '../role-expectation';

const logs = (account: string, group: string) => `arn:aws:logs:us-east-1:${account}:log-group:${group}`;
/** The role by which a network's flow logs come to its log group, and to no other network's. */
export function flowLogsRole(network: string, otherNetwork: string): RoleExpectation {
  const group = (name: string) => logs('123456789012', `/aws/vpc/${name}/rejected`);
  const [own, other] = [group(network), group(otherNetwork)];
  const stream = `${own}:log-stream:eni-0a1b2c3d4e5f60718-reject`;
  const write: Call[] = ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) => ({ action, resource: stream }));
  return {
    role: `${network}-flow-logs`,
    trusts: ['vpc-flow-logs.amazonaws.com'],
    allowed: [...write, { action: 'logs:DescribeLogStreams', resource: own }],
    denied: [
      ...write.map(({ action }) => ({ action, resource: `${other}:log-stream:eni-1-reject` })),
      { action: 'logs:PutLogEvents', resource: `${logs('999999999999', `/aws/vpc/${network}/rejected`)}:log-stream:a` },
      { action: 'logs:PutLogEvents', resource: `${own}-2:log-stream:eni-1-reject` },
      { action: 'logs:CreateLogGroup', resource: own },
      { action: 'logs:DeleteLogGroup', resource: own },
      { action: 'logs:DeleteLogStream', resource: stream },
      { action: 'logs:GetLogEvents', resource: stream },
      { action: 'logs:FilterLogEvents', resource: own },
      { action: 'logs:PutRetentionPolicy', resource: own },
      { action: 'logs:DescribeLogStreams', resource: other },
      {
        action: 'kms:Decrypt',
        resource: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555',
      },
    ],
  };
}
