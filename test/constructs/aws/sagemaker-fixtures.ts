import type { TerraformStack } from 'cdktf';
import { ModelStore, Network, type SageMakerModelProps } from '../../../constructs/aws';
import type { PolicyStatement } from '../../../constructs/aws/policy-document';
import { ServiceLevelObjective } from '../../../src';
import type { SynthesizedStack } from '../../helpers/synth';
import { statements } from './fixtures';
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
