import { z } from 'zod';
import { type CloudName, defaultNetworkCidr, overlap } from '../address-plan';
import { BUDGET_DEFAULTS, Budget } from '../declarations/budget';
import { CapacityPlan } from '../declarations/capacity-plan';
import { ServiceLevelObjective } from '../declarations/service-level-objective';
import { AwsConfig, awsFitsChoices } from './aws-config';
import { AzureConfig } from './azure-config';
import { declares, object, someOf } from './checks';
import { NetworkCidr } from './cloud-settings';
import { CostConfig } from './cost-config';
import { LatencyConfig, refuseSlowParts } from './latency-config';
import { LocalConfig } from './local-config';
import { SecurityConfig } from './security-config';
import { choicesFit, WORKLOAD_CHOICES, type WorkloadChoices } from './workload-config';

export type { AwsConfig, AzureConfig, LocalConfig, WorkloadChoices };

export const ENVIRONMENTS = ['dev', 'staging', 'prod'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

const Environment = object({
  protection: z
    .boolean()
    .optional()
    .describe(
      'Refuses a destroy of what holds data. On outside dev if left out. To destroy: set it to false, deploy, destroy.',
    ),
  ...WORKLOAD_CHOICES,
  aws: AwsConfig.optional(),
  azure: AzureConfig.optional(),
})
  .refine(
    (environment) => environment.aws ?? environment.azure,
    'names neither `aws` nor `azure`, so there is nothing to deploy',
  )
  .superRefine(choicesFit)
  .superRefine(awsFitsChoices);

export type EnvironmentConfig = z.output<typeof Environment>;

const slo = new ServiceLevelObjective();
const Slo = object({
  availabilityPercent: z
    .number()
    .default(slo.availabilityPercent)
    .describe('Share of requests answered without a server error, in percent.'),
  latencyP99Ms: z
    .number()
    .default(slo.latencyP99Ms)
    .describe("Latency that 99 % of answers stay under, in ms; a bound of the server's histogram."),
  windowDays: z.number().default(slo.windowDays).describe('Window the objective is kept over, in days.'),
}).superRefine(declares((props) => new ServiceLevelObjective(props)));

const capacity = new CapacityPlan();
const Capacity = object({
  concurrentUsers: z.number().default(capacity.concurrentUsers).describe('People using the shop at the same time.'),
  thinkTimeSeconds: z
    .number()
    .default(capacity.thinkTimeSeconds)
    .describe('Mean time between two requests of one person, in seconds.'),
  peakFactor: z
    .number()
    .default(capacity.peakFactor)
    .describe('How many times as much is asked at the busiest moments as on average.'),
  requestsPerSecondPerReplica: z
    .number()
    .default(capacity.requestsPerSecondPerReplica)
    .describe('Requests a second that one replica is planned to answer.'),
  requestsPerSecondPerCore: z
    .number()
    .default(capacity.requestsPerSecondPerCore)
    .describe('Requests a second that one core was measured to answer; [the benchmark](benchmark.md) has ours.'),
  minReplicas: z.number().default(capacity.minReplicas).describe('Fewest replicas of the model server.'),
  maxReplicas: z.number().default(capacity.maxReplicas).describe('Most replicas of the model server.'),
}).superRefine(declares((props) => new CapacityPlan(props)));

const BudgetConfig = object({
  monthlyUsd: z.number().default(BUDGET_DEFAULTS.monthlyUsd).describe('USD a month.'),
  notify: z
    .array(z.email('must be an e-mail address'))
    .min(1, 'must name at least one e-mail address')
    .describe('Who is told when it is about to be spent.'),
  thresholdsPercent: z
    .array(z.number())
    .default([...BUDGET_DEFAULTS.thresholdsPercent])
    .describe('Shares of the budget at which somebody is told, in percent of the actual cost.'),
}).superRefine(declares((props) => new Budget(props)));

/** The one schema of `recommender.config.ts`, `.json` and `.yaml`. */
export const ConfigSchema = object({
  project: z
    .string()
    .regex(
      /^[a-z][a-z0-9-]{1,18}[a-z0-9]$/,
      'must be 3 to 20 lowercase letters, digits and hyphens, beginning with a letter',
    )
    .default('recommender')
    .describe('Prefix of every name.'),
  owner: z.string().min(1, 'must not be empty').describe('Team that answers for the deployment; becomes a tag.'),
  costCenter: z
    .string()
    .min(1, 'must not be empty')
    .optional()
    .describe('Whose budget pays for the deployment; becomes the tag `cost-center`. The project if left out.'),
  slo: Slo.prefault({}).describe('What the service promises; alerts come from it.'),
  latency: LatencyConfig.prefault({}),
  capacity: Capacity.prefault({}).describe(
    'How much traffic the service is built for; replicas and nodes come from it.',
  ),
  budget: BudgetConfig.describe('What the deployment may cost, both clouds together.'),
  cost: CostConfig.describe('What the bill is counted with that `budget.monthlyUsd` is held against (docs/cost.md).'),
  security: SecurityConfig.describe('What the stacks are held to by the rules of security.'),
  providerVersions: someOf(['aws', 'azurerm', 'kubernetes', 'helm', 'time'], z.string())
    .default({})
    .describe('Exact provider versions that replace those of the prebuilt bindings, within the majors they work with.'),
  environments: someOf(ENVIRONMENTS, Environment).describe(
    'The environments there are. Each stands alone, in an account or subscription of its own. `{}` beside `local`.',
  ),
  local: LocalConfig.optional(),
  rehearsal: object({ stateDirectory: z.string() })
    .optional()
    .describe('Set by `recommender rehearse` only: local state and an emulated cloud. Never in a committed config.'),
})
  .superRefine(refuseSlowParts, { when: isObject })
  .superRefine(refuseNothing, { when: isObject })
  .superRefine(refuseLocalStateInProd, { when: isObject })
  .superRefine(refuseOverlappingNetworks, { when: isObject });

function isObject({ value }: { readonly value: unknown }): boolean {
  return typeof value === 'object' && value !== null;
}

function refuseNothing({ environments, local }: PartialConfig, context: z.core.$RefinementCtx): void {
  if (local !== undefined || !environments || Object.keys(environments).length > 0) return;
  context.addIssue({
    code: 'custom',
    path: ['environments'],
    message: `names no environment; there are ${ENVIRONMENTS.join(', ')}. Or deploy into a cluster of yours: local`,
  });
}

/** Runs on a config with other mistakes too, so that all are told at once: anything may be missing. */
function refuseLocalStateInProd(config: PartialConfig, context: z.core.$RefinementCtx): void {
  if (config.rehearsal) return;
  for (const [cloud, kind, template] of [
    ['aws', 's3', 'aws.yaml'],
    ['azure', 'azurerm', 'azure.json'],
  ] as const) {
    if (config.environments?.prod?.[cloud]?.state?.kind !== 'local') continue;
    context.addIssue({
      code: 'custom',
      path: ['environments', 'prod', cloud, 'state'],
      message: `prod refuses local state: it is lost with the machine and locks nobody out. Use kind: '${kind}'; ops/bootstrap/${template} makes the store`,
    });
  }
}

interface Network {
  readonly cidr: string;
  /** Whether the config says so; else it is the address plan's. */
  readonly chosen: boolean;
  readonly at: readonly [EnvironmentName, CloudName];
}

/** Any two networks may be peered one day, which those that share an address can't be. */
function refuseOverlappingNetworks(config: PartialConfig, context: z.core.$RefinementCtx): void {
  const networks = networksOf(config);
  networks.forEach((one, index) => {
    const other = networks.slice(index + 1).find(({ cidr }) => overlap(one.cidr, cidr));
    if (!other) return;
    const [wrong, right] = other.chosen ? [other, one] : [one, other];
    const [environment, cloud] = wrong.at;
    context.addIssue({
      code: 'custom',
      path: ['environments', environment, cloud, 'networkCidr'],
      message: `overlaps ${right.cidr}, which is the network of environments.${right.at.join('.')}; left out, it is ${defaultNetworkCidr(cloud, environment)}`,
    });
  });
}

/** Those that are made, in a range that is one. */
function networksOf({ environments = {} }: PartialConfig): Network[] {
  return ENVIRONMENTS.flatMap((environment) =>
    (['aws', 'azure'] as const).flatMap((cloud) => {
      const settings = environments[environment]?.[cloud];
      if (!settings || settings.existingCluster !== undefined) return [];
      const cidr = settings.networkCidr ?? defaultNetworkCidr(cloud, environment);
      if (!NetworkCidr.safeParse(cidr).success) return [];
      return [{ cidr, chosen: settings.networkCidr !== undefined, at: [environment, cloud] }];
    }),
  );
}

interface PartialSettings {
  readonly state?: { readonly kind?: string };
  readonly networkCidr?: string;
  readonly existingCluster?: unknown;
}

interface PartialConfig {
  readonly rehearsal?: unknown;
  readonly local?: unknown;
  readonly environments?: {
    readonly [environment in EnvironmentName]?: { readonly [cloud in CloudName]?: PartialSettings };
  };
}

/** What a config file holds, defaults left out. */
export type ConfigInput = z.input<typeof ConfigSchema>;
/** A checked config, defaults filled in. */
export type Config = z.output<typeof ConfigSchema>;
