import { z } from 'zod';
import { object } from './checks';
import {
  Callers,
  EndpointAccessConfig,
  IssuerUrl,
  LocalState,
  NetworkCidr,
  NodeCount,
  STATE,
  StoreUrl,
  Workloads,
} from './cloud-settings';

const AwsPeer = object({
  modelStoreUrl: StoreUrl('s3', 's3://bucket/prefix').describe("The AWS stack's `model_store_url` output."),
  issuerUrl: IssuerUrl.describe("The AWS stack's `oidc_issuer_url` output."),
  readerRoleArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'must be the ARN of an IAM role')
    .describe("The AWS stack's `sync_reader_role_arn` output."),
}).describe('The AWS half of CrossCloudSync. Without it this half is inert: its job is suspended, AWS is not trusted.');

/** `environments.<name>.azure` */
export const AzureConfig = object({
  subscriptionId: z.guid('must be a UUID').describe('The only subscription this environment may touch.'),
  location: z
    .string()
    .regex(/^[a-z0-9]+$/, 'must be a location such as eastus')
    .default('eastus')
    .describe('Location of everything in the stack.'),
  endpointAccess: EndpointAccessConfig,
  adminGroupObjectIds: z
    .array(z.guid('must be a UUID'))
    .min(1)
    .describe(
      'Entra groups whose members administer the cluster, the deploying one among them; local accounts are off.',
    ),
  kubernetesVersion: z.string().optional().describe("Version of the cluster, such as '1.36'. 1.35 if left out."),
  zones: z
    .array(z.enum(['1', '2', '3']))
    .default(['1', '2', '3'])
    .describe('Zones of the location that are used. Empty where it has none, such as westus.'),
  containerRegistryId: z
    .string()
    .regex(
      /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerRegistry\/registries\/[^/]+$/,
      'must be the resource id of a container registry: /subscriptions/…/Microsoft.ContainerRegistry/registries/<name>',
    )
    .optional()
    .describe('Registry that nodes may pull the image from. Left out when the registry asks for no credentials.'),
  existingCluster: object({ name: z.string(), resourceGroupName: z.string() })
    .optional()
    .describe(
      'An AKS cluster to deploy into, with workload identity on; the stack then creates no cluster or network.',
    ),
  networkCidr: NetworkCidr.optional().describe(
    'Address range of the VNet, /16. Derived from cloud and environment if left out.',
  ),
  egress: z
    .enum(['load-balancer', 'nat-gateway'])
    .default('load-balancer')
    .describe(
      "What takes traffic of nodes to the internet. The cluster's load balancer is there anyway, in all zones, with 1,024 connections for each node to one and the same server; a NAT gateway has all 64,512 for whoever needs them, in one zone, for $32.85 a month.",
    ),
  node: object({
    vmSize: z.string().default('Standard_D2ps_v6').describe('VM size of the nodes.'),
    count: NodeCount.optional(),
  }).prefault({}),
  workloads: Workloads,
  callers: Callers,
  peer: AwsPeer.optional(),
  state: z
    .discriminatedUnion('kind', [
      LocalState,
      object({
        kind: z.literal('azurerm'),
        resourceGroupName: z.string(),
        storageAccountName: z.string(),
        containerName: z.string(),
      }),
    ])
    .describe(STATE),
});

export type AzureConfig = z.output<typeof AzureConfig>;
