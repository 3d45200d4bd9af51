import { type Corpus, cases, REMOVED } from './corpus';

const INGRESS = {
  'aws_vpc_security_group_ingress_rule.Https': {
    security_group_id: 'sg-1',
    description: 'Visitors, by HTTPS',
    cidr_ipv4: '0.0.0.0/0',
    from_port: 443,
    to_port: 443,
    ip_protocol: 'tcp',
  },
};
const GROUP = {
  'aws_security_group.Servers': {
    description: 'Servers',
    vpc_id: 'vpc-1',
    ingress: [
      {
        description: 'Load balancer',
        from_port: 8080,
        to_port: 8080,
        protocol: 'tcp',
        cidr_blocks: ['10.0.0.0/16'],
      },
    ],
  },
};
const RULE = {
  'aws_security_group_rule.Https': {
    type: 'ingress',
    description: 'Visitors, by HTTPS',
    security_group_id: 'sg-1',
    from_port: 443,
    to_port: 443,
    protocol: 'tcp',
    cidr_blocks: ['0.0.0.0/0'],
  },
};
const VPC = {
  'aws_vpc.Network': { cidr_block: '10.0.0.0/16' },
  'aws_default_security_group.Network': { vpc_id: `\${aws_vpc.Network.id}` },
  'aws_flow_log.Network': {
    vpc_id: `\${aws_vpc.Network.id}`,
    traffic_type: 'ALL',
    log_destination: 'arn:aws:s3:::shop-flows',
    log_destination_type: 's3',
  },
};
const open = (port: number) => ({
  'ingress.0': { description: 'x', from_port: port, to_port: port, protocol: 'tcp', cidr_blocks: ['0.0.0.0/0'] },
});

export const AWS_NETWORK: Corpus = {
  'AWS-NET-001': cases(
    INGRESS,
    [
      { from_port: 22, to_port: 22 },
      { from_port: 20, to_port: 30 },
      { from_port: 22, to_port: 22, cidr_ipv4: REMOVED, cidr_ipv6: '::/0' },
      {
        'aws_security_group.Other': {
          ...GROUP['aws_security_group.Servers'],
          ingress: [open(22)['ingress.0']],
        },
      },
    ],
    [
      { from_port: 22, to_port: 22, cidr_ipv4: '203.0.113.0/24' },
      { from_port: 22, to_port: 22, cidr_ipv4: `\${var.office}` },
    ],
  ),
  'AWS-NET-002': cases(
    GROUP,
    [
      open(3389),
      {
        'aws_security_group_rule.Rdp': {
          ...RULE['aws_security_group_rule.Https'],
          from_port: 3000,
          to_port: 4000,
        },
      },
    ],
    [{ 'ingress.0.cidr_blocks': ['0.0.0.0/0'] }],
  ),
  'AWS-NET-003': cases(
    RULE,
    [
      { protocol: '-1', from_port: 0, to_port: 0 },
      { from_port: 0, to_port: 65_535 },
    ],
    [{ type: 'egress', protocol: '-1', from_port: 0, to_port: 0 }],
  ),
  'AWS-NET-004': cases(
    INGRESS,
    [
      { from_port: 5432, to_port: 5432 },
      { from_port: 6379, to_port: 6380, cidr_ipv4: REMOVED, cidr_ipv6: '0::/0' },
    ],
    [{ from_port: `\${var.port}`, to_port: `\${var.port}` }],
  ),
  'AWS-NET-005': cases(VPC, [
    { 'aws_default_security_group.Network': REMOVED },
    {
      'aws_default_security_group.Network:ingress': [{ protocol: '-1', from_port: 0, to_port: 0, self: true }],
    },
    {
      'aws_default_security_group.Network:egress': [
        { protocol: '-1', from_port: 0, to_port: 0, cidr_blocks: ['0.0.0.0/0'] },
      ],
    },
  ]),
  'AWS-NET-006': cases(VPC, [{ 'aws_flow_log.Network': REMOVED }]),
  'AWS-NET-007': cases(
    { 'aws_subnet.Public': { vpc_id: 'vpc-1', cidr_block: '10.0.0.0/24' } },
    [{ map_public_ip_on_launch: true }],
    [{ map_public_ip_on_launch: false }],
  ),
  'AWS-NET-008': cases(INGRESS, [{ description: REMOVED }]),
  'AWS-NET-009': cases(
    { 'aws_ec2_transit_gateway.Hub': { description: 'Hub' } },
    [{ auto_accept_shared_attachments: 'enable' }],
    [{ auto_accept_shared_attachments: 'disable' }],
  ),
};
