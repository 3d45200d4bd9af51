import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { TimeProvider } from '@cdktf/provider-time/lib/provider';
import { TerraformOutput, type TerraformStack } from 'cdktf';
import { EndpointAccess, Network, RecommenderCluster, type RecommenderClusterProps } from '../../../constructs/aws';
import type { PolicyStatement } from '../../../constructs/aws/policy-document';
import { CapacityPlan } from '../../../src';
import { type SynthesizedStack, synthesizeConstructs } from '../../helpers/synth';

/** Constructs in a stack named `test`, with the providers they need. */
export function onAws(build: (stack: TerraformStack) => void): SynthesizedStack {
  return synthesizeConstructs((stack) => {
    new AwsProvider(stack, 'Aws', { region: 'us-east-1' });
    new TimeProvider(stack, 'Time');
    new KubernetesProvider(stack, 'Kubernetes');
    build(stack);
  });
}

export const DEPLOYER = 'arn:aws:iam::111122223333:role/deploy';

export function addCluster(stack: TerraformStack, props: Partial<RecommenderClusterProps> = {}): RecommenderCluster {
  return new RecommenderCluster(stack, 'Cluster', {
    clusterName: 'shop-prod',
    network: new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' }),
    endpointAccess: EndpointAccess.public({ cidrs: ['203.0.113.0/24'] }),
    adminPrincipalArns: [DEPLOYER],
    capacity: new CapacityPlan(),
    ...props,
  });
}

/** Statements of a policy that Terraform encodes; references read `${…}` as in any other attribute. */
export function statements(policy: unknown): PolicyStatement[] {
  const [, expression] = /^\$\{jsonencode\((.*)\)\}$/.exec(policy as string) ?? [];
  if (expression === undefined) throw new Error(`not a policy document: ${policy}`);
  const json = expression.replaceAll('" = ', '": ').replace(/(?<=[:[,] ?)((data\.)?aws_[\w.[\]]+\w)/g, '"$${$1}"');
  return JSON.parse(json).Statement;
}

/** Attributes of the resource of a type whose logical id begins with `id`. */
export function named(stack: SynthesizedStack, type: string, id: string): Record<string, unknown> {
  const found = Object.entries(stack.resources(type)).filter(([key]) => key.startsWith(`${id}_`));
  if (found.length !== 1 || !found[0]) {
    throw new Error(`expected one ${type} ${id}, found ${found.length} of ${Object.keys(stack.resources(type))}`);
  }
  return found[0][1];
}

/** What a value of a construct reads in the template. */
export function rendered(value: (stack: TerraformStack) => unknown): unknown {
  const template = onAws((stack) => {
    new TerraformOutput(stack, 'rendered', { value: value(stack) });
  });
  return template.outputs().rendered?.value;
}

/** HCL of what is in a construct, without what it was given. */
export async function hclOf(template: SynthesizedStack, id: string): Promise<string> {
  const blocks = (await template.hcl()).split(/\n(?=resource |data |output |provider )/);
  return blocks.filter((block) => new RegExp(`^resource "\\w+" "${id}_`).test(block)).join('\n');
}
