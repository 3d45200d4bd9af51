import { firstOf, given, notOn, oneOf } from '../checks';
import { INGRESS, ingressOf, isAllPorts, letsIn, type Opening, worldOf } from '../ingress';
import { securityHub } from '../references';
import type { Problem, SecurityRule } from '../rule';
import type { Subject } from '../subject';

/** Ports of databases, caches and search engines, by their vendors' defaults. */
const DATABASE_PORTS = [1433, 1521, 3306, 5432, 5439, 6379, 9042, 9092, 9200, 11211, 27017];

export const AWS_NETWORK: readonly SecurityRule[] = [
  {
    id: 'AWS-NET-001',
    title: 'SSH is not open to the internet',
    severity: 'critical',
    reason: 'Machines that answer on port 22 are found within minutes, and passwords and keys tried on them.',
    fix: 'Name the networks that may connect, or use Session Manager.',
    reference: securityHub('ec2', 13),
    checkov: 'CKV_AWS_24',
    appliesTo: INGRESS,
    check: closed((one) => letsIn(one, 22) && 'port 22'),
  },
  {
    id: 'AWS-NET-002',
    title: 'RDP is not open to the internet',
    severity: 'critical',
    reason: 'Remote Desktop is the first way in of ransomware.',
    fix: 'Name the networks that may connect, or use Session Manager.',
    reference: securityHub('ec2', 14),
    checkov: 'CKV_AWS_25',
    appliesTo: INGRESS,
    check: closed((one) => letsIn(one, 3389) && 'port 3389'),
  },
  {
    id: 'AWS-NET-003',
    title: 'Not all ports are open to the internet',
    severity: 'critical',
    reason: 'Whatever listens, now or later, is reachable.',
    fix: 'Name the port that is served, and who may reach it.',
    reference: securityHub('ec2', 18),
    appliesTo: INGRESS,
    check: closed((one) => isAllPorts(one) && 'all ports'),
  },
  {
    id: 'AWS-NET-004',
    title: 'No database is open to the internet',
    severity: 'critical',
    reason: 'Databases and caches are scanned for, and many let in whoever asks.',
    fix: 'Let in the security groups of what uses it.',
    reference: securityHub('ec2', 19),
    appliesTo: INGRESS,
    check: closed((one) => {
      const port = DATABASE_PORTS.find((candidate) => letsIn(one, candidate));
      return port !== undefined && `port ${port}`;
    }),
  },
  {
    id: 'AWS-NET-005',
    title: "A network's default security group lets nothing through",
    severity: 'medium',
    reason: 'What is started without a security group gets the default one, which lets all of its members in.',
    fix: 'Add an aws_default_security_group of the VPC without rules.',
    reference: securityHub('ec2', 2),
    checkov: 'CKV2_AWS_12',
    appliesTo: ['aws_vpc'],
    check: (vpc) => {
      const [group] = vpc.referringBy('aws_default_security_group', 'vpc_id');
      if (!group) return 'no aws_default_security_group is of this VPC';
      const open = ['ingress', 'egress'].find((direction) => group.all(direction).length > 0);
      return open && `its default security group has ${open}`;
    },
  },
  {
    id: 'AWS-NET-006',
    title: 'A network logs its flows',
    severity: 'medium',
    reason: 'After an attack, nobody can say who talked to whom.',
    fix: 'Add an aws_flow_log of the VPC.',
    reference: securityHub('ec2', 6),
    checkov: 'CKV2_AWS_11',
    appliesTo: ['aws_vpc'],
    check: (vpc) =>
      vpc.referringBy('aws_flow_log', 'vpc_id').length > 0 ? undefined : 'no aws_flow_log is of this VPC',
  },
  {
    id: 'AWS-NET-007',
    title: 'A subnet gives out no public addresses',
    severity: 'medium',
    reason: 'What is started there by mistake is on the internet.',
    fix: 'Leave map_public_ip_on_launch off; load balancers and NAT gateways get theirs without.',
    reference: securityHub('ec2', 15),
    checkov: 'CKV_AWS_130',
    appliesTo: ['aws_subnet'],
    check: notOn('map_public_ip_on_launch'),
  },
  {
    id: 'AWS-NET-008',
    title: 'A rule of a security group says what it is for',
    severity: 'low',
    reason: 'Nobody dares to remove a rule that nobody understands.',
    fix: 'Set description.',
    reference: 'https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html',
    checkov: 'CKV_AWS_23',
    appliesTo: ['aws_vpc_security_group_ingress_rule', 'aws_vpc_security_group_egress_rule', 'aws_security_group_rule'],
    check: given('description'),
  },
  {
    id: 'AWS-NET-009',
    title: "A transit gateway doesn't take in every network",
    severity: 'high',
    reason: 'A network of another account that it is shared with is connected without being asked for.',
    fix: 'Leave auto_accept_shared_attachments disabled.',
    reference: securityHub('ec2', 23),
    checkov: 'CKV_AWS_331',
    appliesTo: ['aws_ec2_transit_gateway'],
    check: oneOf('auto_accept_shared_attachments', ['disable'], 'disable'),
  },
];

/** Lets nothing in from the whole internet that `what` names. */
function closed(what: (opening: Opening) => string | false) {
  return (subject: Subject): Problem =>
    firstOf(ingressOf(subject), (opening) => {
      const world = worldOf(opening);
      const open = world !== undefined && what(opening);
      return open ? `${open} is open to ${world}` : undefined;
    });
}
