import { Fn, Token } from 'cdktf';
import { SERVER_LABELS, SERVER_METRICS, type ServiceLevelObjective, VERSION_LABEL_DIGITS } from '../../../src';
import type { CustomResource } from '../custom-resources';
import type { ModelServer } from '../model-server';

const { requests, requestDuration, modelInfo, modelWanted, ready } = SERVER_METRICS;
const { route, status, modelVersion } = SERVER_LABELS;

/** Flagger puts in what is in double braces. */
const IN_NAMESPACE = 'namespace="{{ namespace }}"';
/** Pods of the new version: Flagger's primary has another name. */
const NEW_PODS = `${IN_NAMESPACE},pod=~"{{ target }}-[0-9a-z]+-[0-9a-z]+"`;
const PROMOTED_PODS = `${IN_NAMESPACE},pod=~"{{ target }}-primary-[0-9a-z]+-[0-9a-z]+"`;
const NEW_VERSION = `${NEW_PODS},${route}=~"/v1/.*"`;
/** New pods that answer by the version which their own pin names: one that no promoted pod has, and no Terraform knows. */
const PINNED = `${modelWanted}{${NEW_PODS}} == 1`;

interface Gate {
  /** Name of the MetricTemplate, and of the check. */
  readonly name: string;
  readonly query: string;
  /** Above it, the check has failed. */
  readonly max: number;
}

/**
 * What a version must hold to get more requests: no more errors than would page somebody, the server's share of the
 * objective's latency, and the model that is wanted, because a server that can't have it answers well by another one.
 */
export function deliveryGates(
  slo: ServiceLevelObjective,
  server: Pick<ModelServer, 'modelVersion' | 'versionPin'>,
): Gate[] {
  const rate = (selector: string) => `sum(rate(${requests}{${selector}}[{{ interval }}]))`;
  const [page] = slo.burnRateAlerts;
  const paging = (page?.factor ?? 1) * slo.errorBudget * 100;
  return [
    {
      name: 'error-percentage',
      query: `100 * (${rate(`${NEW_VERSION},${status}=~"5.."`)} or vector(0)) / ${rate(NEW_VERSION)}`,
      max: Number(paging.toPrecision(6)),
    },
    {
      name: 'latency-p99-ms',
      query: `1000 * histogram_quantile(0.99, sum by (le) (rate(${requestDuration}_bucket{${NEW_VERSION}}[{{ interval }}])))`,
      max: slo.latency.serverThresholdMs,
    },
    {
      name: 'pods-with-another-model',
      // Of no pod at all there is no answer, which fails.
      query: `count(${ready}{${NEW_PODS}}) - (count(${server.versionPin ? PINNED : wantedModel(server)}) or vector(0))`,
      max: 0,
    },
  ];
}

/** New pods with the model that is wanted: the pinned version, or one that what was promoted has of the channel too. */
function wantedModel(server: Pick<ModelServer, 'modelVersion'>): string {
  const { modelVersion: pinned } = server;
  if (pinned) return `${modelInfo}{${NEW_PODS},${modelVersion}="${shortened(pinned)}"}`;
  return `${modelInfo}{${NEW_PODS}} and on (${modelVersion}) ${modelInfo}{${PROMOTED_PODS}}`;
}

function shortened(version: string): string {
  if (Token.isUnresolved(version)) return Fn.substr(version, 0, VERSION_LABEL_DIGITS);
  return version.slice(0, VERSION_LABEL_DIGITS);
}

export function metricTemplate({ name, query }: Gate, prometheusUrl: string): CustomResource {
  return {
    apiVersion: 'flagger.app/v1beta1',
    kind: 'MetricTemplate',
    metadata: { name },
    spec: { provider: { type: 'prometheus', address: prometheusUrl }, query },
  };
}
