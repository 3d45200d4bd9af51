import type { SynthesizedResource, SynthesizedStack } from '../../synthesized/synthesized-stack';
import { amount, type Charge, type EstimateContext, hours, listAt, numberAt, textAt } from '../estimator';
import { ec2Price } from '../machine-prices';
import { type Range, times } from '../range';

/** GiB of the disk that AWS gives a machine where nothing says how large. */
const DEFAULT_DISK_GIB = 20;

export interface Machines {
  readonly instanceType: string;
  readonly count: Range;
  /** @default false */
  readonly spot?: boolean;
  /** GiB of each one's disks. */
  readonly diskGib: number;
  /** Whether pods run on them. */
  readonly node: boolean;
}

/** Machines of EC2 with their disks. */
export function machines({ instanceType, count, spot, diskGib, node }: Machines, context: EstimateContext): Charge[] {
  const { price, factor } = ec2Price(instanceType, context.prices);
  return [
    hours(price, times(count, factor), { node, note: instanceType, ...(spot && { share: 'aws/ec2/spot' }) }),
    amount('aws/ebs/gp3', times(count, diskGib), { node }),
  ];
}

/** GiB of the disks that a launch template gives a machine, or of AWS' own. */
export function diskGib(stack: SynthesizedStack, refersToTemplate: unknown, fallback = DEFAULT_DISK_GIB): number {
  const template = launchTemplate(stack, refersToTemplate);
  const disks = listAt(stack.known(template?.block), ['block_device_mappings']);
  const sizes = disks.map((disk) => numberAt(disk, ['ebs', 0, 'volume_size'], 0));
  return sizes.some((gib) => gib > 0) ? sizes.reduce((all, gib) => all + gib, 0) : fallback;
}

export function launchTemplate(stack: SynthesizedStack, refersToIt: unknown): SynthesizedResource | undefined {
  return stack.referredBy(refersToIt).find(({ type }) => type === 'aws_launch_template');
}

/** The type that a group or its template names first. */
export function firstType(stack: SynthesizedStack, types: readonly unknown[], refersToTemplate: unknown): string {
  const [first] = types;
  if (typeof first === 'string') return first;
  return textAt(stack.known(launchTemplate(stack, refersToTemplate)?.block), ['instance_type'], 't3.medium');
}
