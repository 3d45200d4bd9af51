import type { Block } from '../block';
import { firstOf } from '../checks';
import { azure } from '../references';
import type { Problem, SecurityRule } from '../rule';
import type { Subject } from '../subject';

const SECURITY_RULES = ['azurerm_network_security_rule', 'azurerm_network_security_group'];
const NETWORK_SECURITY = azure('security/fundamentals/network-best-practices');

export const AZURE_NETWORK: readonly SecurityRule[] = [
  {
    id: 'AZ-NET-001',
    title: 'SSH is not open to the internet',
    severity: 'critical',
    reason: 'Machines that answer on port 22 are found within minutes, and passwords and keys tried on them.',
    fix: 'Name the networks that may connect, or use Bastion.',
    reference: NETWORK_SECURITY,
    checkov: 'CKV_AZURE_10',
    appliesTo: SECURITY_RULES,
    check: closed((rule) => letsIn(rule, 22) && 'port 22'),
  },
  {
    id: 'AZ-NET-002',
    title: 'RDP is not open to the internet',
    severity: 'critical',
    reason: 'Remote Desktop is the first way in of ransomware.',
    fix: 'Name the networks that may connect, or use Bastion.',
    reference: NETWORK_SECURITY,
    checkov: 'CKV_AZURE_9',
    appliesTo: SECURITY_RULES,
    check: closed((rule) => letsIn(rule, 3389) && 'port 3389'),
  },
  {
    id: 'AZ-NET-003',
    title: 'Not all ports are open to the internet',
    severity: 'critical',
    reason: 'Whatever listens, now or later, is reachable.',
    fix: 'Name the ports that are served, and who may reach them.',
    reference: NETWORK_SECURITY,
    appliesTo: SECURITY_RULES,
    check: closed((rule) => portsOf(rule).some((range) => /^(\*|0-65535|1-65535)$/.test(range)) && 'all ports'),
  },
  {
    id: 'AZ-NET-004',
    title: 'UDP is not open to the internet',
    severity: 'high',
    reason: 'Services of UDP are made to flood others, in your name.',
    fix: 'Name the networks that may send.',
    reference: NETWORK_SECURITY,
    checkov: 'CKV_AZURE_77',
    appliesTo: SECURITY_RULES,
    check: closed((rule) => /^udp$/i.test(rule.text('protocol')) && `UDP on ${portsOf(rule).join(', ')}`),
  },
  {
    id: 'AZ-NET-005',
    title: 'A subnet has a network security group',
    severity: 'medium',
    reason: 'Without one, everything in the network reaches everything in the subnet.',
    fix: 'Add an azurerm_subnet_network_security_group_association of the subnet.',
    reference: NETWORK_SECURITY,
    checkov: 'CKV2_AZURE_31',
    appliesTo: ['azurerm_subnet'],
    check: (subnet) =>
      WITHOUT_GROUP.test(subnet.text('name')) ||
      subnet.referringBy('azurerm_subnet_network_security_group_association', 'subnet_id').length > 0
        ? undefined
        : 'no azurerm_subnet_network_security_group_association is of this subnet',
  },
];

/** Subnets of services that take no network security group, or manage it themselves. */
const WITHOUT_GROUP = /^(GatewaySubnet|AzureFirewallSubnet|AzureFirewallManagementSubnet|RouteServerSubnet)$/;

/** Lets nothing in from the whole internet that `what` names. */
function closed(what: (rule: Block) => string | false) {
  return (subject: Subject): Problem => {
    const rules: Block[] = subject.type === 'azurerm_network_security_group' ? subject.all('security_rule') : [subject];
    return firstOf(rules, (rule) => {
      const world = isAllowedIn(rule) && worldOf(rule);
      const open = world && what(rule);
      return open ? `${open} is open to ${world}` : undefined;
    });
  };
}

const isAllowedIn = (rule: Block) => /^allow$/i.test(rule.text('access')) && /^inbound$/i.test(rule.text('direction'));

function worldOf(rule: Block): string | undefined {
  return ['source_address_prefix', 'source_address_prefixes']
    .flatMap((name) => rule.texts(name))
    .find((source) => /^(\*|internet|any|0\.0\.0\.0|.*\/0)$/i.test(source));
}

const portsOf = (rule: Block) =>
  ['destination_port_range', 'destination_port_ranges'].flatMap((name) => rule.texts(name));

function letsIn(rule: Block, port: number): boolean {
  if (!/^(\*|tcp)$/i.test(rule.text('protocol'))) return false;
  return portsOf(rule).some((range) => {
    const [from, to = from] = range.split('-').map(Number);
    return range === '*' || (from !== undefined && to !== undefined && from <= port && port <= to);
  });
}
