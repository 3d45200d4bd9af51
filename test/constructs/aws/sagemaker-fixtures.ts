import type { TerraformStack } from 'cdktf';
import {
  ModelStore,
  Network,
  RealTimeEndpoint,
  type RealTimeEndpointProps,
  type SageMakerModelProps,
} from '../../../constructs/aws';
import type { PolicyStatement } from '../../../constructs/aws/policy-document';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import type { SynthesizedStack } from '../../helpers/synth';
import { onAws, statements } from './fixtures';
import { IMAGE } from './server-fixtures';

/** What an endpoint has to be told; the rest is its defaults. */
export function endpointProps(stack: TerraformStack): SageMakerModelProps {
  return {
    endpointName: 'shop-prod',
    image: IMAGE,
    modelStore: new ModelStore(stack, 'ModelStore', { bucketName: 'shop-prod-models-111122223333' }),
    slo: new ServiceLevelObjective(),
  };
}

export function network(stack: TerraformStack): Network {
  return new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
}

/** Statements of every policy of the roles whose logical ids begin with `id`. */
export function policiesOf(template: SynthesizedStack, id: string): PolicyStatement[] {
  return Object.entries(template.resources('aws_iam_role_policy'))
    .filter(([name]) => name.startsWith(`${id}_`))
    .flatMap(([, { policy }]) => statements(policy));
}

/** Environment of an endpoint's container. */
export function environment(template: SynthesizedStack): Record<string, string> {
  const { primary_container } = template.resource('aws_sagemaker_model');
  return (primary_container as { environment: Record<string, string> }).environment;
}

/** An endpoint with two instances or more, in a stack with what it needs. */
export function realTimeEndpoint(
  props: Partial<RealTimeEndpointProps> = {},
  use: (endpoint: RealTimeEndpoint) => void = () => undefined,
): SynthesizedStack {
  return onAws((stack) =>
    use(
      new RealTimeEndpoint(stack, 'Endpoint', {
        ...endpointProps(stack),
        network: network(stack),
        capacity: new CapacityPlan(),
        ...props,
      }),
    ),
  );
}
