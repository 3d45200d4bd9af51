import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { TimeProvider } from '@cdktf/provider-time/lib/provider';
import { TerraformOutput, type TerraformStack } from 'cdktf';
import {
  EndpointAccess,
  type IResourceGroup,
  RecommenderCluster,
  type RecommenderClusterProps,
} from '../../../constructs/azure';
import { CapacityPlan } from '../../../src';
import { type SynthesizedStack, synthesizeConstructs } from '../../helpers/synth';

export const SUBSCRIPTION_ID = '00000000-0000-4000-8000-000000000001';
export const ADMIN_GROUP = '00000000-0000-4000-8000-000000000002';

export const RESOURCE_GROUP: IResourceGroup = {
  id: `/subscriptions/${SUBSCRIPTION_ID}/resourceGroups/shop`,
  name: 'shop',
  location: 'eastus',
};

/** The network of a cluster that somebody else made. */
export const CLUSTER_NETWORK = {
  nodeSubnetId: `${RESOURCE_GROUP.id}/providers/Microsoft.Network/virtualNetworks/shop/subnets/nodes`,
  egressIpAddress: '203.0.113.10',
  ready: [],
};

/** A stack with the providers that every construct of Azure may need. */
export function onAzure(build: (stack: TerraformStack) => void): SynthesizedStack {
  return synthesizeConstructs((stack) => {
    new AzurermProvider(stack, 'Azurerm', { subscriptionId: SUBSCRIPTION_ID, features: [{}] });
    new TimeProvider(stack, 'Time');
    build(stack);
  });
}

export function cluster(stack: TerraformStack, props: Partial<RecommenderClusterProps> = {}): RecommenderCluster {
  return new RecommenderCluster(stack, 'Cluster', {
    clusterName: 'shop-prod',
    resourceGroup: RESOURCE_GROUP,
    network: CLUSTER_NETWORK,
    endpointAccess: EndpointAccess.public({ cidrs: ['198.51.100.0/24'] }),
    adminGroupObjectIds: [ADMIN_GROUP],
    capacity: new CapacityPlan(),
    ...props,
  });
}

/** What Terraform is told where a resource refers to another's attribute. */
export const ref = (attribute: string) => `\${${attribute}}`;

/** What a value of a construct reads in the template. */
export function rendered(value: (stack: TerraformStack) => unknown): unknown {
  const template = onAzure((stack) => {
    new TerraformOutput(stack, 'rendered', { value: value(stack) });
  });
  return template.outputs().rendered?.value;
}
