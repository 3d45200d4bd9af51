import { type Block, textOf } from './block';
import type { Subject } from './subject';

/** What a security group lets in by one of its rules, as far as it is known. */
export interface Opening {
  readonly from: number;
  readonly to: number;
  /** `tcp`, or `-1` for all of them. */
  readonly protocol: string;
  readonly sources: readonly string[];
}

const HIGHEST_PORT = 65_535;

/** Types whose rules {@link ingressOf} reads. */
export const INGRESS = [
  'aws_security_group',
  'aws_default_security_group',
  'aws_security_group_rule',
  'aws_vpc_security_group_ingress_rule',
];

/** What comes in by a security group or by a rule of one. */
export function ingressOf(subject: Subject): Opening[] {
  if (subject.type === 'aws_security_group_rule') return subject.get('type') === 'ingress' ? [opening(subject)] : [];
  if (subject.type === 'aws_vpc_security_group_ingress_rule') return [opening(subject)];
  return subject.all('ingress').map(opening);
}

/** The source that is the whole internet, if one is. */
export function worldOf({ sources }: Opening): string | undefined {
  return sources.find((source) => /^(0\.0\.0\.0\/0|(0*:)+0*\/0)$/.test(source));
}

/** Whether it lets a port of TCP in. */
export function letsIn({ from, to, protocol }: Opening, port: number): boolean {
  return /^(-1|all|tcp|6)$/i.test(protocol) && from <= port && port <= to;
}

export function isAllPorts({ from, to }: Opening): boolean {
  return from <= 0 && to >= HIGHEST_PORT;
}

function opening(rule: Block): Opening {
  const protocol = rule.text('ip_protocol') || rule.text('protocol') || '-1';
  const all = protocol === '-1' || protocol === 'all';
  const sources = ['cidr_ipv4', 'cidr_ipv6', 'cidr_blocks', 'ipv6_cidr_blocks'].flatMap((name) => rule.list(name));
  return {
    // Ports that aren't known open nothing; those of all protocols aren't asked.
    from: all ? 0 : (rule.number('from_port') ?? Number.NaN),
    to: all ? HIGHEST_PORT : (rule.number('to_port') ?? Number.NaN),
    protocol,
    sources: sources.map(textOf),
  };
}
