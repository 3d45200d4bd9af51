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

const AzurePeer = object({
  modelStoreUrl: StoreUrl('az', 'az://account/container/prefix').describe(
    "The Azure stack's `model_store_url` output.",
  ),
  issuerUrl: IssuerUrl.describe("The Azure stack's `oidc_issuer_url` output."),
  readerClientId: z.guid('must be a UUID').describe("The Azure stack's `sync_reader_client_id` output."),
  tenantId: z.guid('must be a UUID').describe("The Azure stack's `tenant_id` output."),
}).describe(
  'The Azure half of CrossCloudSync. Without it this half is inert: its job is suspended, Azure is not trusted.',
);

/** `environments.<name>.aws` */
export const AwsConfig = object({
  accountId: z
    .string()
    .regex(/^\d{12}$/, 'must be 12 digits')
    .describe('The only account this environment may touch.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as us-east-1')
    .default('us-east-1')
    .describe('Region of everything in the stack.'),
  endpointAccess: EndpointAccessConfig,
  adminPrincipalArns: z
    .array(
      z
        .string()
        .regex(
          /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/,
          'must be the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/deploy',
        ),
    )
    .min(1)
    .describe('IAM roles or users that administer the cluster: the one that deploys, and the people on call.'),
  kubernetesVersion: z.string().optional().describe("Version of the cluster, such as '1.36'. 1.35 if left out."),
  existingCluster: z
    .string()
    .optional()
    .describe(
      'Name of an EKS cluster to deploy into, with the add-ons eks-pod-identity-agent, aws-ebs-csi-driver and metrics-server; the stack then creates no cluster, network or nodes.',
    ),
  networkCidr: NetworkCidr.optional().describe(
    'Address range of the VPC, /16. Derived from cloud and environment if left out.',
  ),
  nat: z
    .enum(['one', 'per-zone', 'none'])
    .default('one')
    .describe(
      'NAT gateways. With `one` a zone failure cuts egress of the others. With `none` nodes reach AWS by endpoints, and the internet not at all: every image has to come from ECR.',
    ),
  node: object({
    instanceType: z.string().default('t4g.large').describe('EC2 instance type of the nodes.'),
    count: NodeCount.optional(),
  }).prefault({}),
  workloads: Workloads,
  callers: Callers,
  peer: AzurePeer.optional(),
  state: z
    .discriminatedUnion('kind', [
      LocalState,
      object({ kind: z.literal('s3'), bucket: z.string(), region: z.string(), kmsKeyId: z.string().optional() }),
    ])
    .describe(STATE),
});

export type AwsConfig = z.output<typeof AwsConfig>;
