import { z } from 'zod';
import { SIZED_CONTAINERS } from '../declarations/container-sizes';
import { object, someOf } from './checks';
import { Hostname } from './cloud-settings';

const HttpsUrl = z.url({ protocol: /^https$/, error: 'must be an https URL' });
const Count = z.int().min(1);

/** `gateway` of an environment, or of `local`. */
const GatewayConfig = object({
  hostname: Hostname.describe('Name that the API is called by from outside.'),
  certificate: z
    .discriminatedUnion('kind', [
      object({ kind: z.literal('acme'), email: z.email('must be an e-mail address'), server: HttpsUrl.optional() }),
      object({ kind: z.literal('secret'), secretName: z.string() }),
    ])
    .describe(
      "Where its certificate comes from: an authority that speaks ACME (Let's Encrypt if no server is named), by cert-manager, or a Secret that somebody else keeps.",
    ),
  authentication: z
    .discriminatedUnion('kind', [
      object({
        kind: z.literal('jwt'),
        issuer: z.string(),
        audiences: z.array(z.string()).min(1, 'must name at least one audience'),
        jwksUri: HttpsUrl,
      }),
      object({ kind: z.literal('none') }),
    ])
    .describe('How callers are known: by bearer tokens of an issuer, or not at all.'),
}).describe(
  'The way in from outside: a load balancer, TLS, authentication, a rate limit. Without it the API is reached from inside the cluster only.',
);

/** `delivery` of an environment, or of `local`. */
const DeliveryConfig = z
  .discriminatedUnion('kind', [
    object({ kind: z.literal('rolling') }),
    object({
      kind: z.literal('canary'),
      stepWeight: z.int().min(1).max(100).optional(),
      maxWeight: z.int().min(1).max(100).optional(),
    }),
    object({ kind: z.literal('blue-green'), iterations: Count.optional() }),
    object({ kind: z.literal('mirrored'), iterations: Count.optional() }),
    object({
      kind: z.literal('ab-test'),
      header: object({ name: z.string(), value: z.string() }),
      iterations: Count.optional(),
    }),
  ])
  .prefault({ kind: 'rolling' })
  .describe(
    'How a new version gets at requests: pod by pod, or by Flagger under the gates of `slo`, which takes it back when it fails them. All but `rolling` need `gateway`.',
  );

/** `autoscaling` of an environment, or of `local`. */
const AutoscalingConfig = z
  .discriminatedUnion('kind', [
    object({ kind: z.literal('cpu'), targetPercent: z.int().min(1).max(100).optional() }),
    object({
      kind: z.literal('keda'),
      schedules: z
        .array(object({ start: z.string(), end: z.string(), timezone: z.string(), replicas: Count }))
        .default([]),
    }),
  ])
  .prefault({ kind: 'cpu' })
  .describe(
    'What replicas follow: the CPU they use, or by KEDA the requests a second that `capacity` plans for each, and schedules (cron `start` and `end`).',
  );

const Receiver = z.discriminatedUnion('kind', [
  object({ kind: z.literal('pagerduty'), key: z.string().optional() }),
  object({ kind: z.literal('slack'), channel: z.string(), key: z.string().optional() }),
  object({ kind: z.literal('teams'), key: z.string().optional() }),
  object({
    kind: z.literal('email'),
    to: z.email('must be an e-mail address'),
    from: z.email('must be an e-mail address'),
    smarthost: z.string().regex(/^[^:]+:\d+$/, 'must be a host and port such as smtp.shop.example:587'),
    username: z.string(),
    key: z.string().optional(),
  }),
]);

/** `alerts` of an environment, or of `local`. */
const AlertsConfig = object({
  page: z
    .array(Receiver)
    .min(1, 'must name at least one receiver')
    .describe(
      'Who is woken: receivers of kind `pagerduty`, `slack` (channel), `teams` or `email` (to, from, smarthost, username). `key` names the key of the Secret that has what is secret.',
    ),
  ticket: z.array(Receiver).min(1, 'must name at least one receiver').describe('Who looks at it tomorrow.'),
  workingHours: object({
    weekdays: z.string().optional(),
    from: z.string().optional(),
    to: z.string().optional(),
    timezone: z.string().optional(),
  })
    .optional()
    .describe(
      'When tickets are sent: `weekdays`, `from`, `to`, `timezone`. Monday to Friday, 9 to 17 UTC if left out.',
    ),
  secretName: z
    .string()
    .optional()
    .describe("Secret in the namespace `monitoring` with the receivers' keys; `alert-receivers` if left out."),
}).describe('Who is told of alerts. Without it they show in Grafana only.');

/** `logs` */
const LogsConfig = z
  .discriminatedUnion('kind', [
    object({ kind: z.literal('loki'), retentionDays: Count.optional(), volumeGib: Count.optional() }),
    object({ kind: z.literal('elasticsearch'), nodes: Count.optional(), volumeGib: Count.optional() }),
  ])
  .describe(
    'Where the logs of all containers are kept and read: in Loki with Grafana, or in Elasticsearch with Kibana. Without it, `kubectl logs` has those of pods that live.',
  );

/** `caches` */
const CachesConfig = z
  .array(z.enum(['histories', 'answers'], "must be 'histories' or 'answers'"))
  .default([])
  .describe(
    "What replicas share, each in a Valkey of its own: `histories` of customers, with the rate limit's counts, and `answers` for a while. Without it each replica keeps them to itself, and histories go with the pod.",
  );

/** `traces` */
const TracesConfig = z
  .union(
    [
      z.boolean(),
      object({
        collectorImage: z
          .string()
          .regex(/^[a-z0-9][a-z0-9._:/-]*@sha256:[0-9a-f]{64}$/, 'must be registry/path@sha256:<64 hex digits>')
          .describe("The collector's image by digest, in a registry of yours."),
      }),
    ],
    'must be true, false or { collectorImage }',
  )
  .default(false)
  .describe(
    'Whether the traces of slow and failed requests, and some others, are kept in Tempo and read in Grafana. `{ collectorImage }` takes the collector by digest from a registry of yours, instead of by version from Docker Hub.',
  );

/** `podPolicies` */
const PodPoliciesConfig = object({
  action: z.enum(['deny', 'warn']).default('deny').describe('Whether what breaks a rule is refused, or only told of.'),
  registries: z
    .array(z.string())
    .min(1, 'must name at least one registry')
    .optional()
    .describe('Registries, or paths in them, that images may come from. Any if left out.'),
}).describe(
  "Rules that the API server holds the namespace's pods to: images by digest, requests and limits, a read-only root file system, a name. The Pod Security Standard `restricted` holds without it.",
);

/** `sizes` */
export const SizesConfig = someOf(
  SIZED_CONTAINERS,
  object({
    cpuMillis: Count.optional().describe('CPU that it requests, in millicores.'),
    memoryMib: Count.optional().describe('Memory that it requests, and the most it gets, in MiB.'),
    cpuLimitMillis: Count.optional().describe(
      'CPU that it may use while its node has it to spare, in millicores. No less than it requests.',
    ),
  }),
)
  .default({})
  .describe(
    'What containers ask for, where it is not what the library has for them, by [their names](usage.md#names). `recommender report usage` writes it.',
  );

/** What runs in the clusters of an environment, or in the local one, beside the model server and its monitoring. */
export const WORKLOAD_CHOICES = {
  gateway: GatewayConfig.optional(),
  delivery: DeliveryConfig,
  autoscaling: AutoscalingConfig,
  alerts: AlertsConfig.optional(),
  logs: LogsConfig.optional(),
  caches: CachesConfig,
  podPolicies: PodPoliciesConfig.optional(),
  sizes: SizesConfig,
  traces: TracesConfig,
  costs: z
    .boolean()
    .default(false)
    .describe('Whether OpenCost says what the cluster costs at list prices, on a dashboard beside the budget.'),
  probes: z
    .boolean()
    .default(false)
    .describe(
      'Whether the service is asked from outside of it, as a caller would ask, with alerts when it does not answer.',
    ),
  runtimeDetection: z
    .boolean()
    .default(false)
    .describe('Whether Falco watches, on every node, what containers do that they should not.'),
};

const Choices = object(WORKLOAD_CHOICES);
export type WorkloadChoices = z.output<typeof Choices>;

/** Refuses choices that don't go together. */
export function choicesFit(
  { delivery, gateway, podPolicies, caches }: WorkloadChoices,
  context: z.core.$RefinementCtx,
): void {
  const refuse = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (delivery.kind !== 'rolling' && !gateway) {
    refuse('delivery', "splits requests at the gateway, so it needs `gateway`. Add it, or use kind: 'rolling'");
  }
  if (podPolicies?.action === 'deny' && caches.length > 0) {
    refuse('podPolicies', "refuses images without a digest, such as that of `caches`. Use action: 'warn'");
  }
}
