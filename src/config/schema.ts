import { z } from 'zod';

const Email = z.email('must be an e-mail address');
const Cidr = z
  .cidrv4('must be an IPv4 range such as 203.0.113.0/24')
  .refine(
    (cidr) => !cidr.endsWith('/0'),
    '0.0.0.0/0 opens the endpoint to the world; name the ranges your people and runners come from',
  );

/** Who may reach the cluster's API server. A required choice: there is no open default. */
const EndpointAccessConfig = z.union([
  z.strictObject({ public: z.strictObject({ cidrs: z.array(Cidr).min(1) }) }),
  z.literal('private'),
]);

const LocalState = z.strictObject({ kind: z.literal('local') });
const Protection = z.boolean().describe('Refuses a destroy of what holds data. Off only to let one through.');

const StoreUrl = (scheme: 's3' | 'az', form: string) =>
  z.string().regex(new RegExp(`^${scheme}://[^/]+(/[^/]+)*/?$`), `must be ${form}`);
const IssuerUrl = z.url({ protocol: /^https$/, error: 'must be an https URL' });

const AzurePeer = z
  .strictObject({
    modelStoreUrl: StoreUrl('az', 'az://account/container/prefix').describe(
      "The Azure stack's `model_store_url` output.",
    ),
    issuerUrl: IssuerUrl.describe("The Azure stack's `oidc_issuer_url` output."),
    readerClientId: z.guid('must be a UUID').describe("The Azure stack's `sync_reader_client_id` output."),
    tenantId: z.guid('must be a UUID').describe("The Azure stack's `tenant_id` output."),
  })
  .describe(
    'The Azure half of CrossCloudSync. Without it this half is inert: its job is suspended, Azure is not trusted.',
  );

const AwsPeer = z
  .strictObject({
    modelStoreUrl: StoreUrl('s3', 's3://bucket/prefix').describe("The AWS stack's `model_store_url` output."),
    issuerUrl: IssuerUrl.describe("The AWS stack's `oidc_issuer_url` output."),
    readerRoleArn: z
      .string()
      .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/, 'must be the ARN of an IAM role')
      .describe("The AWS stack's `sync_reader_role_arn` output."),
  })
  .describe('The AWS half of CrossCloudSync. Without it this half is inert: its job is suspended, AWS is not trusted.');

const Workloads = z
  .enum(['deploy', 'skip'])
  .default('deploy')
  .describe(
    '`skip` leaves the contents of the cluster out, so that a dead API server never blocks a change to the rest.',
  );

const AwsConfig = z.strictObject({
  accountId: z
    .string()
    .regex(/^\d{12}$/, 'must be 12 digits')
    .describe('The only account this environment may touch.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as us-east-1')
    .default('us-east-1'),
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
  kubernetesVersion: z.string().optional().describe("Version of the cluster, such as '1.35'."),
  existingCluster: z
    .string()
    .optional()
    .describe(
      'Name of an EKS cluster to deploy into, with the add-ons eks-pod-identity-agent and aws-ebs-csi-driver; the stack then creates no cluster, network or nodes.',
    ),
  networkCidr: z
    .cidrv4()
    .optional()
    .describe('Address range of the VPC, /16. Derived from cloud and environment if left out.'),
  singleNatGateway: z
    .boolean()
    .default(true)
    .describe('One NAT gateway instead of one per zone: cheaper, but a zone failure cuts egress.'),
  node: z
    .strictObject({
      instanceType: z.string().default('t4g.large'),
      count: z.strictObject({ min: z.int().min(1), max: z.int().min(1).max(100) }).optional(),
    })
    .prefault({}),
  workloads: Workloads,
  peer: AzurePeer.optional(),
  state: z.discriminatedUnion('kind', [
    LocalState,
    z.strictObject({ kind: z.literal('s3'), bucket: z.string(), region: z.string(), kmsKeyId: z.string().optional() }),
  ]),
});

const AzureConfig = z.strictObject({
  subscriptionId: z.guid('must be a UUID').describe('The only subscription this environment may touch.'),
  location: z
    .string()
    .regex(/^[a-z0-9]+$/, 'must be a location such as eastus')
    .default('eastus'),
  endpointAccess: EndpointAccessConfig,
  adminGroupObjectIds: z
    .array(z.guid('must be a UUID'))
    .min(1)
    .describe('Entra groups whose members administer the cluster, the deploying one among them; local accounts are off.'),
  kubernetesVersion: z.string().optional().describe("Version of the cluster, such as '1.35'."),
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
  existingCluster: z
    .strictObject({ name: z.string(), resourceGroupName: z.string() })
    .optional()
    .describe(
      'An AKS cluster to deploy into, with workload identity on; the stack then creates no cluster or network.',
    ),
  networkCidr: z
    .cidrv4()
    .optional()
    .describe('Address range of the VNet, /16. Derived from cloud and environment if left out.'),
  node: z
    .strictObject({
      vmSize: z.string().default('Standard_D2ps_v6'),
      count: z.strictObject({ min: z.int().min(1), max: z.int().min(1).max(100) }).optional(),
    })
    .prefault({}),
  workloads: Workloads,
  peer: AwsPeer.optional(),
  state: z.discriminatedUnion('kind', [
    LocalState,
    z.strictObject({
      kind: z.literal('azurerm'),
      resourceGroupName: z.string(),
      storageAccountName: z.string(),
      containerName: z.string(),
    }),
  ]),
});

export const ENVIRONMENTS = ['dev', 'staging', 'prod'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

const Environment = z
  .strictObject({
    protection: Protection.optional(),
    aws: AwsConfig.optional(),
    azure: AzureConfig.optional(),
  })
  .refine(
    (environment) => environment.aws ?? environment.azure,
    'names neither `aws` nor `azure`, so there is nothing to deploy',
  );

/** The one schema of `recommender.config.ts`, `.json` and `.yaml`. */
export const ConfigSchema = z
  .strictObject({
    project: z
      .string()
      .regex(
        /^[a-z][a-z0-9-]{1,18}[a-z0-9]$/,
        'must be 3 to 20 lowercase letters, digits and hyphens, beginning with a letter',
      )
      .default('recommender')
      .describe('Prefix of every name.'),
    owner: z.string().min(1).describe('Team that answers for the deployment; becomes a tag.'),
    slo: z
      .strictObject({
        availabilityPercent: z.number().optional(),
        latencyP99Ms: z.number().optional(),
        windowDays: z.number().optional(),
      })
      .prefault({}),
    capacity: z
      .strictObject({
        concurrentUsers: z.number().optional(),
        thinkTimeSeconds: z.number().optional(),
        requestsPerSecondPerReplica: z.number().optional(),
        minReplicas: z.number().optional(),
        maxReplicas: z.number().optional(),
      })
      .prefault({}),
    budget: z.strictObject({
      monthlyUsd: z.number().optional(),
      notify: z.array(Email).min(1),
      thresholdsPercent: z.array(z.number()).optional(),
    }),
    providerVersions: z
      .partialRecord(z.enum(['aws', 'azurerm', 'kubernetes', 'helm', 'time']), z.string())
      .default({})
      .describe(
        'Exact provider versions that replace those of the prebuilt bindings, within the majors they work with.',
      ),
    environments: z.partialRecord(z.enum(ENVIRONMENTS), Environment),
    rehearsal: z
      .strictObject({ stateDirectory: z.string() })
      .optional()
      .describe('Set by `recommender rehearse` only: local state and an emulated cloud. Never in a committed config.'),
  })
  .superRefine((config, context) => {
    if (config.rehearsal) return;
    for (const cloud of ['aws', 'azure'] as const) {
      if (config.environments.prod?.[cloud]?.state.kind !== 'local') continue;
      context.addIssue({
        code: 'custom',
        path: ['environments', 'prod', cloud, 'state'],
        message: `prod refuses local state: it is lost with the machine and locks nobody out. Use kind: '${cloud === 'aws' ? 's3' : 'azurerm'}'; the bootstrap template makes the store`,
      });
    }
  });

/** What a config file holds, defaults left out. */
export type ConfigInput = z.input<typeof ConfigSchema>;
/** A checked config, defaults filled in. */
export type Config = z.output<typeof ConfigSchema>;
export type AwsConfig = z.output<typeof AwsConfig>;
export type AzureConfig = z.output<typeof AzureConfig>;
