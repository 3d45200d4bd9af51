/** What a stack is made of, as far as it can go out of support. */
export type Part =
  | { readonly kind: 'resource'; readonly name: string }
  /** A Helm chart; its name is `<repository>/<chart>`. */
  | { readonly kind: 'chart'; readonly name: string }
  /** A container image: `quay.io/minio/minio:latest`. */
  | { readonly kind: 'image'; readonly name: string };

/** Something that its makers gave up. */
export interface RetiredPart {
  readonly name: string;
  /** Whether a part is one. */
  readonly kind: Part['kind'];
  readonly pattern: RegExp;
  /** The day, `YYYY-MM-DD`, from which there are no fixes, or nothing at all; left out where its makers name none. */
  readonly ends?: string;
  /** What happens on that day, or happened. */
  readonly what: string;
  readonly replacement: string;
  /** Where its makers say so. */
  readonly source: string;
}

const image = (name: string) => new RegExp(`(^|/)${name}([:@]|$)`);

/**
 * What nothing new should be built on, whether it has ended or is about to: most of it can't be made anew any more. Read in
 * November 2026. Where only the month is known, the day is its last.
 */
export const RETIRED_PARTS: readonly RetiredPart[] = [
  ...both(
    {
      name: 'ingress-nginx',
      ends: '2026-03-31',
      what: 'no releases and no security fixes any more',
      replacement: 'a Gateway API controller such as Envoy Gateway',
      source: 'https://kubernetes.io/blog/2025/11/11/ingress-nginx-retirement/',
    },
    { chart: /ingress-nginx\/?(\/ingress-nginx)?$/, image: image('ingress-nginx/controller') },
  ),
  ...both(
    {
      name: "Bitnami's free catalogue",
      ends: '2025-08-28',
      what: 'charts and images moved behind a subscription; bitnamilegacy gets no updates',
      replacement: "the project's own chart and image",
      source: 'https://github.com/bitnami/charts/issues/35164',
    },
    {
      chart: /charts\.bitnami\.com|docker\.io\/bitnami(charts|legacy)?\b|bitnami\//,
      image: /(^|\/)bitnami(legacy)?\/[^/]+$/,
    },
  ),
  ...both(
    {
      name: 'MinIO',
      ends: '2026-04-25',
      what: 'archived, no fixes any more',
      replacement: "the cloud's own object store",
      source: 'https://github.com/minio/minio',
    },
    { chart: /(charts\.min\.io|operator\.min\.io)/, image: image('minio/minio') },
  ),
  {
    name: 'AWS App Mesh',
    kind: 'resource',
    pattern: /^aws_appmesh_/,
    ends: '2026-09-30',
    what: 'shut down',
    replacement: 'ECS Service Connect, VPC Lattice or a service mesh in the cluster',
    source: 'https://docs.aws.amazon.com/app-mesh/latest/userguide/what-is-app-mesh.html',
  },
  {
    name: 'CloudWatch Evidently',
    kind: 'resource',
    pattern: /^aws_evidently_/,
    ends: '2025-10-16',
    what: 'shut down',
    replacement: 'AWS AppConfig feature flags, or an A/B test at the gateway',
    source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Evidently.html',
  },
  {
    name: "AWS X-Ray's daemon",
    kind: 'image',
    pattern: image('(aws-)?xray(/aws-xray-daemon)?|amazon/aws-xray-daemon|aws-xray-daemon'),
    ends: '2026-02-25',
    what: 'security fixes only',
    replacement: 'an OpenTelemetry collector',
    source: 'https://docs.aws.amazon.com/xray/latest/devguide/xray-daemon.html',
  },
  {
    name: 'Azure CDN (classic)',
    kind: 'resource',
    pattern: /^azurerm_cdn_(profile|endpoint|endpoint_custom_domain)$/,
    ends: '2025-10-01',
    what: 'no new profiles; off on 2027-09-30',
    replacement: 'azurerm_cdn_frontdoor_profile',
    source: 'https://learn.microsoft.com/azure/cdn/classic-cdn-retirement-faq',
  },
  {
    name: 'Azure Cache for Redis Enterprise',
    kind: 'resource',
    pattern: /^azurerm_redis_enterprise_/,
    ends: '2027-03-31',
    what: 'shut down',
    replacement: 'azurerm_managed_redis',
    source: 'https://learn.microsoft.com/azure/azure-cache-for-redis/retirement-faq',
  },
  {
    name: 'Azure Cache for Redis',
    kind: 'resource',
    pattern: /^azurerm_redis_(cache|firewall_rule|linked_server)/,
    ends: '2028-09-30',
    what: 'shut down',
    replacement: 'azurerm_managed_redis',
    source: 'https://learn.microsoft.com/azure/azure-cache-for-redis/retirement-faq',
  },
  ...both(
    {
      name: 'AAD pod identity',
      ends: '2023-10-31',
      what: 'archived, no fixes any more',
      replacement: 'Microsoft Entra Workload ID',
      source: 'https://github.com/Azure/aad-pod-identity',
    },
    { chart: /aad-pod-identity/, image: /aad-pod-identity/ },
  ),
  ...both(
    {
      name: 'Promtail',
      ends: '2026-03-02',
      what: 'no fixes any more',
      replacement: 'Fluent Bit or Grafana Alloy',
      source: 'https://grafana.com/docs/loki/latest/send-data/promtail/',
    },
    { chart: /\/promtail$|\/loki-stack$/, image: image('grafana/promtail') },
  ),
  {
    name: 'the chart tempo-distributed of Grafana',
    kind: 'chart',
    pattern: /grafana\.github\.io\/helm-charts\/tempo-distributed$/,
    what: 'moved to the community, no releases there any more',
    replacement: 'tempo of https://grafana-community.github.io/helm-charts',
    source: 'https://github.com/grafana/helm-charts',
  },
  {
    name: 'prometheus-adapter',
    kind: 'chart',
    pattern: /\/prometheus-adapter$/,
    what: 'superseded: it is hardly released any more',
    replacement: 'KEDA',
    source: 'https://github.com/kubernetes-sigs/prometheus-adapter/releases',
  },
  {
    name: "Elastic's charts of single products",
    kind: 'chart',
    pattern: /helm\.elastic\.co\/(elasticsearch|kibana|logstash|filebeat|metricbeat|apm-server)$/,
    ends: '2023-05-16',
    what: 'archived, no fixes any more',
    replacement: 'eck-operator and eck-stack',
    source: 'https://github.com/elastic/helm-charts',
  },
];

/** A tag of it can be moved: in March 2026 all were, to code that stole secrets. */
export const HIJACKED_ACTIONS: Readonly<Record<string, string>> = {
  'aquasecurity/trivy-action': 'its tags were moved to malicious code on 2026-03-19 (CVE-2026-33634)',
};

/** What is retired as a chart and as an image. */
function both(
  part: Omit<RetiredPart, 'kind' | 'pattern'>,
  patterns: { readonly chart: RegExp; readonly image: RegExp },
): RetiredPart[] {
  return (['chart', 'image'] as const).map((kind) => ({ ...part, kind, pattern: patterns[kind] }));
}

/** The entry that a part is listed under. */
export function retiredPart(part: Part): RetiredPart | undefined {
  return RETIRED_PARTS.find(({ kind, pattern }) => kind === part.kind && pattern.test(part.name));
}
