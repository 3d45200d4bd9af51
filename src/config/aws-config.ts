import { z } from 'zod';
import { AwsParts, hasPart, Profile } from './aws-parts';
import { object } from './checks';
import {
  Callers,
  Email,
  EndpointAccessConfig,
  IssuerUrl,
  LocalState,
  NetworkCidr,
  NodeCount,
  STATE,
  StoreUrl,
  Workloads,
} from './cloud-settings';
import { Domain, Edge } from './edge-config';
import type { WorkloadChoices } from './workload-config';

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

const PrincipalArn = z
  .string()
  .regex(
    /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/.+$/,
    'must be the ARN of an IAM role or user, such as arn:aws:iam::111122223333:role/deploy',
  );

const DatabaseConfig = object({
  instanceClass: z.enum(['db.t4g.micro', 'db.t4g.small', 'db.t4g.medium']).default('db.t4g.micro'),
  storage: object({ initialGib: z.int().min(20), maxGib: z.int().min(22) }).optional(),
}).describe('A PostgreSQL in RDS for what the cluster runs: `instanceClass`, `storage` in GiB.');

const CacheConfig = object({
  nodeType: z.enum(['cache.t4g.micro', 'cache.t4g.small', 'cache.t4g.medium']).default('cache.t4g.micro'),
}).describe(
  "An ElastiCache holds what `caches` names, instead of a Valkey in the cluster; `nodeType`. Its password is put in by hand before the cluster's contents are deployed: docs/profiles.md.",
);

const Retraining = object({
  model: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a name in lowercase letters, digits and hyphens')
    .default('online-retail')
    .describe("The model's name in the store."),
  schedule: z
    .string()
    .regex(/^(cron|rate)\(.+\)$/, "must be EventBridge's cron(…) or rate(…)")
    .default('cron(0 2 ? * MON *)')
    .describe("When it is retrained, by EventBridge's expression, in UTC."),
  notify: z.array(Email).default([]).describe('Who gets a mail of each end of a run.'),
}).describe(
  'A workflow that trains, compares and promotes on the purchases in its bucket; it wants the image of the functions, `TF_VAR_functions_image`.',
);

const Region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as us-east-1');

const AwsFields = object({
  profile: Profile,
  parts: AwsParts,
  accountId: z
    .string()
    .regex(/^\d{12}$/, 'must be 12 digits')
    .describe('The only account this environment may touch.'),
  region: Region.default('us-east-1').describe('Region of everything in the stack.'),
  endpointAccess: EndpointAccessConfig,
  adminPrincipalArns: z
    .array(PrincipalArn)
    .min(1)
    .describe('IAM roles or users that administer the cluster: the one that deploys, and the people on call.'),
  viewerPrincipalArns: z
    .array(PrincipalArn)
    .default([])
    .describe('IAM roles or users that see everything in the cluster but Secrets, and change nothing.'),
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
  zones: z
    .int()
    .min(2)
    .max(4)
    .default(2)
    .describe('Availability zones of the network. Each wants a node, so that volumes find one in theirs.'),
  nat: z
    .enum(['one', 'per-zone', 'none'])
    .optional()
    .describe(
      'NAT gateways; `one` if left out, or `per-zone` with the part `natPerZone`. With `one` a zone failure cuts egress of the others. With `none` nodes reach AWS by endpoints, and the internet not at all: every image has to come from ECR.',
    ),
  node: object({
    instanceType: z.string().default('t4g.large').describe('EC2 instance type of the nodes.'),
    count: NodeCount.optional(),
    spot: object({
      instanceTypes: z.array(z.string()).min(2, 'must name at least two instance types'),
      onDemandFloor: z.int().min(1).optional(),
    })
      .optional()
      .describe(
        'Nodes that AWS may take back, for about a third of the price: `instanceTypes` of one architecture, above `onDemandFloor` nodes that it may not, one a zone if left out.',
      ),
  }).prefault({}),
  workloads: Workloads,
  callers: Callers,
  peer: AzurePeer.optional(),
  domain: Domain.optional(),
  edge: Edge.optional(),
  database: DatabaseConfig.optional(),
  cache: CacheConfig.optional(),
  backup: object({ copyTo: Region })
    .optional()
    .describe('A second vault, in the region `copyTo`, that each backup is copied to; with the part `backup`.'),
  dataLake: object({
    since: z.iso.date('must be a day such as 2026-01-01').describe('The first day there is data of.'),
  })
    .optional()
    .describe('What customers did, in S3 for Athena: raw, clean and curated. Events come by Firehose.'),
  retraining: Retraining.optional(),
  costAnomalies: object({ monitorArn: z.string().startsWith('arn:', 'must be an ARN').optional() })
    .optional()
    .describe(
      "Tells `budget.notify` of a service that costs more than it usually does. `monitorArn`: the account's monitor of services, of which AWS lets it have one and made one for most accounts.",
    ),
  securityContacts: z
    .array(Email)
    .min(1)
    .optional()
    .describe('Who is told of attacks, with the part `threatDetection`. `budget.notify` if left out.'),
  permissionsBoundaryArn: z
    .string()
    .regex(/^arn:[\w-]+:iam::(\d{12}|aws):policy\/.+$/, 'must be the ARN of a managed policy')
    .optional()
    .describe("Policy that bounds every role of the stack: the bootstrap's output `WorkloadBoundaryArn`."),
  state: z
    .discriminatedUnion('kind', [
      LocalState,
      object({ kind: z.literal('s3'), bucket: z.string(), region: z.string(), kmsKeyId: z.string().optional() }),
    ])
    .describe(STATE),
});

/** `environments.<name>.aws` */
export const AwsConfig = AwsFields.superRefine(fits);

type Settings = Pick<
  z.output<typeof AwsFields>,
  'profile' | 'parts' | 'region' | 'existingCluster' | 'nat' | 'database' | 'cache' | 'backup' | 'domain' | 'edge'
>;

/** Refuses settings that don't go together. */
function fits(settings: Settings, context: z.core.$RefinementCtx): void {
  const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  const { existingCluster, edge, domain } = settings;
  for (const part of ['database', 'cache'] as const) {
    if (existingCluster === undefined || !settings[part]) continue;
    refuse([part], 'is in the network of the stack, which has none with `existingCluster`. Leave one of them out');
  }
  if (edge && !domain) refuse(['edge'], 'needs `domain`, in which its names are. Add it');
  for (const [index, name] of (domain && edge ? edge.hostnames : []).entries()) {
    if (domain && !isIn(domain, name)) refuse(['edge', 'hostnames', `${index}`], notIn(domain, name));
  }
  if (settings.parts.restoreTests && !hasPart(settings, 'backup')) {
    refuse(['parts', 'restoreTests'], 'needs `backup`, whose backups are restored. Switch it on');
  }
  if (settings.backup && !hasPart(settings, 'backup')) {
    refuse(['backup'], 'needs the part `backup`, whose backups are copied. Switch it on');
  }
  if (settings.backup?.copyTo === settings.region) {
    refuse(['backup', 'copyTo'], `is ${settings.region}, where the first vault is; choose another region`);
  }
  if (settings.parts.auditTrailLogs && !hasPart(settings, 'auditTrail')) {
    refuse(['parts', 'auditTrailLogs'], 'needs `auditTrail`, whose events they are. Switch it on');
  }
  if (settings.parts.dnsQueryLogs && !domain) {
    refuse(['parts', 'dnsQueryLogs'], 'needs `domain`, whose queries they are. Add it');
  }
}

/** Refuses settings that don't go with what the environment chooses for its clusters. */
export function awsFitsChoices(
  { gateway, caches, aws = {} }: Pick<WorkloadChoices, 'gateway' | 'caches'> & { readonly aws?: Partial<Settings> },
  context: z.core.$RefinementCtx,
): void {
  const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: ['aws', path], message });
  const { domain, edge, cache } = aws;
  if (edge && !gateway) refuse('edge', 'needs `gateway`, which it sends requests on to. Add it');
  if (cache && caches.length === 0) refuse('cache', 'needs `caches`, which name what it holds. Add them');
  if (domain && gateway && !isIn(domain, gateway.hostname)) {
    refuse('domain', `is not that of the gateway: gateway.hostname ${notIn(domain, gateway.hostname)}`);
  }
}

function isIn({ name: domain }: Named, name: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

function notIn({ name: domain }: Named, name: string): string {
  return `is ${name}, which is not in the domain ${domain}`;
}

interface Named {
  readonly name: string;
}

export type AwsConfig = z.output<typeof AwsConfig>;
