import type { TerraformStack } from 'cdktf';
import { ModelStore, Network, type ServerComputeProps } from '../../../constructs/aws';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';

export const IMAGE = `111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/model-server@sha256:${'a'.repeat(64)}`;

/** What a model server without Kubernetes has to be told; the rest is its defaults. */
export function serverProps(stack: TerraformStack): ServerComputeProps {
  return {
    serviceName: 'shop-prod',
    network: new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' }),
    image: IMAGE,
    modelStore: new ModelStore(stack, 'ModelStore', { bucketName: 'shop-prod-models-111122223333' }),
    capacity: new CapacityPlan(),
    slo: new ServiceLevelObjective(),
    loadBalancer: {
      domainName: 'api.shop.example.com',
      certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/0d3c7c5a-0000-4000-8000-000000000000',
    },
  };
}

/** What Terraform's jsonencode writes, with references as text. */
export function encoded(value: unknown): unknown {
  const [, expression] = /jsonencode\(([\s\S]*?)\)(?:\]\)\)|\))?\}$/.exec(value as string) ?? [];
  if (expression === undefined) throw new Error(`nothing encoded: ${value}`);
  return JSON.parse(
    expression.replaceAll('" = ', '": ').replace(/(?<=[:[,] ?)((data\.)?aws_[\w.[\]]+\w)/g, '"$${$1}"'),
  );
}
